// Bundles each src/*.ts and src/*.css into dist/ under a name with its content's hash; dist/manifest.json tells which.
import { build } from "esbuild";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const here = import.meta.dirname;
const dist = path.join(here, "dist");
const entries = readdirSync(path.join(here, "src")).filter((name) => /\.(ts|css)$/.test(name) && !name.endsWith(".d.ts"));
rmSync(dist, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: entries.map((name) => path.join("src", name)),
  outdir: "dist",
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  chunkNames: "[name]-[hash]",
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "linked",
  loader: { ".woff2": "file" },
  metafile: true,
  logLevel: "warning",
});
// A script that imports styles has a style file of its own beside it: it is known as <name>.ts.css.
const manifest = {};
for (const [file, output] of Object.entries(metafile.outputs)) {
  if (file.endsWith(".woff2")) manifest[path.basename(Object.keys(output.inputs)[0])] = path.basename(file);
  if (!output.entryPoint || !entries.includes(path.basename(output.entryPoint))) continue;
  manifest[path.basename(output.entryPoint)] = path.basename(file);
  if (output.cssBundle) manifest[`${path.basename(output.entryPoint)}.css`] = path.basename(output.cssBundle);
}
writeFileSync(path.join(dist, "manifest.json"), JSON.stringify(manifest, null, 1));
