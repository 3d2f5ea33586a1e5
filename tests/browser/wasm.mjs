// Run Python under node, by Pyodide: node wasm.mjs PYODIDE_FOLDER REPOSITORY SITE_PACKAGES FILE WORDS...
// What is compiled comes from Pyodide, the rest from the environment of the tests.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, repository, site, file, ...words] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")));
const env = { HOME: "/", MPLBACKEND: "agg", LANGUAGE: "en", PYTEST_DISABLE_PLUGIN_AUTOLOAD: "1" };
const python = await loadPyodide({ indexURL: folder + path.sep, env });
const packages = ["numpy", "scipy", "pandas", "matplotlib", "joblib", "threadpoolctl"];
await python.loadPackage(packages, { messageCallback: () => {} });
for (const [place, root] of [["/repository", repository], ["/site", site]]) {
  python.FS.mkdir(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, place);
}
python.globals.set("WORDS", python.toPy(words));
process.exit(python.runPython(fs.readFileSync(file, "utf8")));
