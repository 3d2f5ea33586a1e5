// The process of the page, in a web worker: Python answers as the server does, and nothing is fetched.
let held = {}, answer;

self.fetch = async (address) => {
  const name = String(address.url ?? address).split("/").pop();
  if (!(name in held)) throw new TypeError(`${name} is not in this page`);
  const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
  return new Response(held[name], { headers: { "Content-Type": type } });
};

async function start({ files, lang, packages, wheels, program }) {
  held = files;
  const python = await loadPyodide({ indexURL: "https://here.invalid/", env: { HOME: "/", MPLBACKEND: "agg" } });
  await python.loadPackage(packages, { messageCallback: () => {} });
  const extractDir = python.runPython("import site; site.getsitepackages()[0]");
  for (const name of wheels) python.unpackArchive(held[name], "wheel", { extractDir });
  held = {};
  python.runPython(program);
  answer = python.globals.get("begin")(lang);
}

self.onmessage = async ({ data }) => {
  try {
    if (data.files && data.packages) await start(data);
    self.postMessage(["answer", data.packages ? null : await answer(data)]);
  } catch (error) {
    if (data.packages) console.error(error.message); // there are no data yet that it could name
    self.postMessage(["end", String(error.type ?? error.name)]);
  }
};
