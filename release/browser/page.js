// The page of detcount without its server: forms and links go to a web worker, and its answers are shown.
const info = JSON.parse(document.getElementById("info").textContent);
const lang = () => document.documentElement.lang;
const kept = {};
let worker, waiting, last, timer;

async function unpacked(element) {
  const text = atob(element.textContent), bytes = new Uint8Array(text.length);
  for (let k = 0; k < bytes.length; k++) bytes[k] = text.charCodeAt(k);
  element.remove();
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).blob();
}

async function launch() {
  const code = URL.createObjectURL(new Blob(info.code.map((name) => kept[name]), { type: "text/javascript" }));
  const files = {};
  for (const name of info.files) files[name] = await kept[name].arrayBuffer();
  worker = new Worker(code);
  URL.revokeObjectURL(code);
  worker.onmessage = ({ data: [is, what] }) => {
    if (is === "stage") document.querySelector(".spin").nextSibling.textContent = what;
    else if (is === "end") ended(what);
    else {
      const resolve = waiting;
      waiting = null;
      resolve(what);
    }
  };
  worker.onerror = () => ended("");
  const program = await kept["inside.py"].text();
  await ask({ files, lang: lang(), packages: info.packages, wheels: info.wheels, program }, Object.values(files));
}

function ask(message, transferred = []) {
  return new Promise((resolve) => {
    waiting = resolve;
    worker.postMessage(message, transferred);
  });
}

function ended(kind) {
  worker.terminate();
  worker = null;
  clearInterval(timer);
  const card = document.createElement("div");
  card.className = "fault";
  card.setAttribute("role", "alert");
  card.textContent = `${info.ended[lang()] ?? info.ended.en}${kind ? ` (${kind})` : ""}`;
  document.querySelector("main").replaceChildren(card);
}

function show([address, headers, content]) {
  const text = new TextDecoder().decode(content);
  document.documentElement.innerHTML = text;
  document.documentElement.lang = /<html lang="([\w-]+)"/.exec(text)[1];
  scrollTo(0, 0);
  return "refresh" in JSON.parse(headers);
}

async function go(asked) {
  const answer = await ask({ lang: lang(), type: "", ...asked });
  if (!show(answer)) return;
  const began = Date.now(), seconds = document.createElement("span");
  document.querySelector(".stage").append(seconds);
  timer = setInterval(() => (seconds.textContent = ` ${Math.round((Date.now() - began) / 1000)} s`), 1000);
  const done = await ask({ method: "WORK", address: answer[0], lang: lang(), type: "" });
  clearInterval(timer);
  show(done);
}

async function save(address) {
  const [, headers, content] = await ask({ method: "GET", address, lang: lang(), type: "" });
  const said = JSON.parse(headers), link = document.createElement("a");
  link.download = /filename="(.+)"/.exec(said["content-disposition"])[1];
  link.href = URL.createObjectURL(new Blob([content], { type: said["content-type"] }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function stop() {
  worker.terminate();
  clearInterval(timer);
  document.querySelector("main form").remove();
  await launch();
  await go(last ?? { method: "GET", address: `/?lang=${lang()}` });
}

async function sent(form, address) {
  const fields = new FormData(form);
  if (address.startsWith("/folder")) {
    const files = [...form.querySelector("input[type=file]").files].filter((file) => !/(^|\/)\./.test(file.webkitRelativePath));
    const read = files.map(async (file) => [file.webkitRelativePath, new Uint8Array(await file.arrayBuffer())]);
    last = null;
    return go({ files: await Promise.all(read), full: fields.has("full") });
  }
  const whole = new Response(form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields));
  const type = whole.headers.get("Content-Type"), body = new Uint8Array(await whole.arrayBuffer());
  const asked = { method: "POST", address, type, body };
  if (/^\/(file|example)/.test(address)) last = asked;
  if (address.includes("/forget")) last = null;
  return go(asked);
}

document.addEventListener("submit", (event) => {
  const address = event.target.getAttribute("action");
  event.preventDefault();
  if (address.includes("/stop")) stop();
  else if (worker && !waiting) sent(event.target, address);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='/']");
  if (!link) return;
  event.preventDefault();
  if (!worker || waiting) return;
  const address = link.getAttribute("href");
  if (link.hasAttribute("download")) save(address);
  else if (address.startsWith("/licences")) licences();
  else go({ method: "GET", address });
});

async function licences() {
  const text = document.createElement("pre");
  text.textContent = await kept["licences.txt"].text();
  document.querySelector("main").replaceChildren(text);
  scrollTo(0, 0);
}

async function begin() {
  const wanted = [navigator.language, navigator.language.slice(0, 2)].find((code) => code in info.ended);
  document.documentElement.lang = wanted ?? "en";
  for (const element of document.querySelectorAll("script[data-name]")) kept[element.dataset.name] = await unpacked(element);
  await launch();
  await go({ method: "GET", address: `/?lang=${lang()}` });
}

begin().catch((error) => ended(error.name));
