/**
 * Builds the widget: `node build.mjs` writes dist/, `--verify` says whether dist/ is what the source makes,
 * `--tests` bundles the tests for `node --test`.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const BUNDLE = "dist/admissions-chat.js";
/** The budget: the whole widget has to arrive quickly on a poor mobile line. */
const MAX_GZIP_BYTES = 20_000;
/** First versions with <dialog> and class fields; older browsers see the element's fallback content. */
const TARGET = ["es2021", "chrome96", "firefox98", "safari15.4"];

/** esbuild's text loader would keep every blank of the stylesheet. */
const minifiedCss = {
  name: "minified-css",
  setup(pluginBuild) {
    pluginBuild.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), {
        loader: "css",
        minify: true,
        target: TARGET,
      });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

async function bundle() {
  const { outputFiles } = await build({
    entryPoints: ["src/index.ts"],
    bundle: true,
    format: "iife",
    minify: true,
    charset: "utf8",
    target: TARGET,
    plugins: [minifiedCss],
    write: false,
  });
  return outputFiles[0].contents;
}

async function bundleTests() {
  rmSync("build", { recursive: true, force: true });
  await build({
    entryPoints: readdirSync("test")
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => `test/${name}`),
    bundle: true,
    platform: "node",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    sourcemap: "inline",
    outdir: "build",
  });
}

function report(contents) {
  const gzip = gzipSync(contents, { level: 9 }).length;
  const integrity = `sha384-${createHash("sha384").update(contents).digest("base64")}`;
  console.log(
    `${BUNDLE}  ${contents.length} bytes, ${gzip} gzip (at most ${MAX_GZIP_BYTES})\nintegrity="${integrity}"`,
  );
  if (gzip > MAX_GZIP_BYTES) throw new Error(`the widget is ${gzip - MAX_GZIP_BYTES} bytes over its budget`);
}

if (process.argv.includes("--tests")) {
  await bundleTests();
} else {
  const contents = await bundle();
  report(contents);
  if (!process.argv.includes("--verify")) writeFileSync(BUNDLE, contents);
  else if (!readFileSync(BUNDLE).equals(Buffer.from(contents))) {
    console.error(`${BUNDLE} is not what the source makes: run "npm run build" and commit it`);
    process.exitCode = 1;
  }
}
