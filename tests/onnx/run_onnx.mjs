/** Runs an ONNX model in onnxruntime's WebAssembly build:

      node run_onnx.mjs MODEL.onnx INPUT.f32 OUTPUT_FOLDER [basic]

  INPUT.f32 has the input's real numbers; each output becomes OUTPUT_FOLDER/NAME.bin. With `basic` nodes are not merged into others.
  ONNX_MODULES is the folder whose node_modules has onnxruntime-web. */

import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [model, input, folder, level] = process.argv.slice(2);
const dist = path.join(process.env.ONNX_MODULES, 'node_modules/onnxruntime-web/dist');
const ort = await import(pathToFileURL(path.join(dist, 'ort.node.min.mjs')).href);
ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = pathToFileURL(dist + path.sep).href;
ort.env.logLevel = 'error';

const session = await ort.InferenceSession.create(fs.readFileSync(model), { executionProviders: ['wasm'], graphOptimizationLevel: level ?? 'all' });
const bytes = fs.readFileSync(input);
const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
const shape = session.inputMetadata[0].shape.map((d) => (typeof d === 'number' ? d : 1));
const outputs = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', numbers, shape) });
for (const [name, t] of Object.entries(outputs)) fs.writeFileSync(path.join(folder, `${name.replaceAll('/', '_')}.bin`), Buffer.from(t.data.buffer, t.data.byteOffset, t.data.byteLength));
