// Keeps each handoff in a file. WEBHOOK_SECRETS=whsec_… PORT=8080 node receiver.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { createServer } from "node:http";

const keys = process.env.WEBHOOK_SECRETS.split(",").map((one) => Buffer.from(one.trim().slice(6), "base64"));
const folder = process.env.FOLDER ?? "handoffs";
const same = (one, other) => one.length === other.length && timingSafeEqual(one, other);

createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray().catch(() => []));
  const [id, sent, given] = ["id", "timestamp", "signature"].map((name) => request.headers[`webhook-${name}`] ?? "");
  const good = keys.map((key) => createHmac("sha256", key).update(`${id}.${sent}.`).update(body).digest("base64"));
  const ours = given.split(" ").some((one) => good.some((key) => same(Buffer.from(one), Buffer.from(`v1,${key}`))));
  if (!ours || !/^[\w-]+$/.test(id) || !(Math.abs(Date.now() / 1000 - sent) <= 300)) return response.writeHead(401).end();
  const file = openSync(`${folder}/${id}.part`, "w"); // whole and on the disk before we answer; again is the same file
  writeSync(file, body), fsyncSync(file), closeSync(file), renameSync(`${folder}/${id}.part`, `${folder}/${id}.json`);
  response.writeHead(204).end();
}).listen(process.env.PORT ?? 8080, "127.0.0.1", () => mkdirSync(folder, { recursive: true }));
