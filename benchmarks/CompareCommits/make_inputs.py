"""Writes the models and checkpoints that compare-commits.sh runs: the same files for both commits.

The weights have the distribution that a recipe states, not its very numbers: both commits read the same file, and the
rule itself (docs/mutation-testing.md) takes 64-bit arithmetic that is slow in Python. Needs Python 3.9 and nothing else.
"""
import argparse
import array
import hashlib
import json
import pathlib
import random
import shutil
import struct

POOL = 1 << 20
GGUF_TYPES = {"u8": (0, "B"), "i8": (1, "b"), "u16": (2, "H"), "i16": (3, "h"), "u32": (4, "I"), "i32": (5, "i"), "f32": (6, "f"), "bool": (7, "?"),
              "str": (8, None), "array": (9, None), "u64": (10, "Q"), "i64": (11, "q"), "f64": (12, "d")}
TENSOR_TYPES = {"f32": 0, "f16": 1}
ALIGNMENT = 32
# What belongs to a fixture but not to a checkpoint.
NOT_PUBLISHED = {"tensors.json", "expected.json", "logits.f32"}


class Weights:
    """Normal numbers of mean 0 and deviation 1, drawn once; a tensor takes them from a place that its name gives."""

    def __init__(self):
        generator = random.Random(20260801)
        self.normal = array.array("d", (generator.gauss(0, 1) for _ in range(POOL)))
        self.bytes = generator.randbytes(4 * POOL)

    @staticmethod
    def place(name):
        return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "little") % POOL

    def take(self, pool, name, count, unit=1):
        start = self.place(name) * unit
        part = pool[start: start + count * unit]
        while len(part) < count * unit:
            part += pool[: count * unit - len(part)]
        return part

    def values(self, name, kind, mean, deviation, count):
        """The values of a rule, as a list of numbers."""
        if kind == "ones":
            return [1.0] * count
        if kind == "gidx":
            return [float(int(i / deviation)) for i in range(count)]
        if kind in ("bytes", "range"):
            low, width = (0, 256) if kind == "bytes" else (int(mean), int(deviation))
            return [low + (byte * width >> 8) for byte in self.take(self.bytes, name, count)]
        normal = self.take(self.normal, name, count)
        if kind == "normal":
            return [mean + deviation * n for n in normal]
        if kind == "one_plus_abs":
            return [1 + deviation * abs(n) for n in normal]
        if kind == "negative":
            return [-(0.25 + min(abs(n), 1.5)) for n in normal]
        raise ValueError(f"unknown rule of weights: {kind}")

    def data(self, row, folder_name):
        """The bytes of a tensor: [name, type, shape, kind, mean, deviation]."""
        name, kind_of_number, shape, kind, mean, deviation = (row + [0, 0])[:6]
        count = 1
        for size in shape:
            count *= size
        if kind == "list":
            return array.array("q", mean).tobytes()
        if kind == "bits":
            return self.take(self.bytes, folder_name + name, count, 4)
        return encode(kind_of_number.upper(), self.values(folder_name + name, kind, mean, deviation, count))


def encode(kind, values):
    """Numbers as little-endian bytes of a type. BF16 is cut, not rounded, which is as good here."""
    if kind in ("F32", "BF16"):
        data = array.array("f", values).tobytes()
        return data if kind == "F32" else array.array("H", data)[1::2].tobytes()
    if kind == "F8_E4M3":
        return bytes(to_e4m3(value) for value in values)
    letter = {"F16": "e", "U8": "B", "I32": "i"}[kind]
    return struct.pack(f"<{len(values)}{letter}", *(values if kind == "F16" else map(int, values)))


def to_e4m3(value):
    """Sign, 4 bits of exponent with bias 7, 3 of fraction; the magnitude cut to 440."""
    magnitude, exponent = min(abs(value), 440.0), -6
    while magnitude >= 2.0 ** (exponent + 1):
        exponent += 1
    return (128 if value < 0 else 0) | (((exponent + 6) << 3) + int(magnitude * 2.0 ** (3 - exponent)))


def gguf_string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def gguf_value(kind, value):
    """A metadata value without its type."""
    if kind == "str":
        return gguf_string(value)
    if kind.startswith("array:"):
        element = kind[len("array:"):]
        return struct.pack("<IQ", GGUF_TYPES[element][0], len(value)) + b"".join(gguf_value(element, v) for v in value)
    return struct.pack("<" + GGUF_TYPES[kind][1], value)


def write_gguf(path, metadata, tensors):
    """Writes a GGUF file. Tensors: [(name, type, sizes fastest first, function that gives the bytes or yields them in parts)]."""
    with open(path, "wb") as file:
        file.write(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata)))
        for key, kind, value in metadata:
            file.write(gguf_string(key) + struct.pack("<I", GGUF_TYPES[kind.split(":")[0]][0]) + gguf_value(kind, value))
        offset = 0
        for name, kind, sizes, _ in tensors:
            file.write(gguf_string(name) + struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, TENSOR_TYPES[kind], offset))
            length = 4 if kind == "f32" else 2
            for size in sizes:
                length *= size
            offset += -(-length // ALIGNMENT) * ALIGNMENT
        for _, _, _, data in tensors:
            file.write(b"\0" * (-file.tell() % ALIGNMENT))
            parts = data()
            for part in [parts] if isinstance(parts, bytes) else parts:
                file.write(part)
        file.write(b"\0" * (-file.tell() % ALIGNMENT))


def write_recipe(name, path, weights, out):
    """A recipe as NAME.gguf, its prompt as NAME.tokens.json and its architecture's name as NAME.architecture."""
    recipe = json.loads(path.read_text())
    stored = path.with_suffix(".weights.bin")
    remaining = memoryview(stored.read_bytes() if stored.exists() else b"")
    tensors = []
    for row in recipe["tensors"]:
        tensor, kind, sizes, rule = row[:4]
        if rule == "stored":
            count = 4 if kind == "f32" else 2
            for size in sizes:
                count *= size
            data, remaining = bytes(remaining[:count]), remaining[count:]
        else:
            data = weights.data(row, path.stem)
        tensors.append((tensor, kind, sizes, lambda data=data: data))
    write_gguf(out / f"{name}.gguf", recipe["metadata"], tensors)
    (out / f"{name}.tokens.json").write_text(json.dumps(recipe["tokens"]))
    (out / f"{name}.architecture").write_text(recipe["architecture"])


def write_checkpoint(folder, weights, out):
    """A checkpoint folder as it could have been published."""
    out.mkdir(parents=True)
    for file in folder.rglob("*"):
        if file.is_file() and file.name not in NOT_PUBLISHED:
            target = out / file.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    if not (folder / "tensors.json").exists():
        return
    recipe = json.loads((folder / "tensors.json").read_text())
    if recipe["format"] not in ("safetensors", "safetensors-sharded"):
        return
    files = {}
    for row in recipe["tensors"]:
        files.setdefault(recipe.get("shards", {}).get(row[0], "model.safetensors"), []).append(row)
    for name, rows in files.items():
        header, parts, offset = {"__metadata__": {"format": "pt"}}, [], 0
        for row in rows:
            parts.append(weights.data(row, folder.name))
            header[row[0]] = {"dtype": row[1], "shape": row[2], "data_offsets": [offset, offset + len(parts[-1])]}
            offset += len(parts[-1])
        text = json.dumps(header).encode()
        (out / name).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def write_large(path, weights):
    """A Llama of 1.1 billion random weights in F16: width 2048, 22 layers, feed-forward 5632, 32 heads, 4 KV heads, vocabulary 32000."""
    width, layers, feed_forward, heads, kv_heads, vocabulary = 2048, 22, 5632, 32, 4, 32000
    kv_width = width // heads * kv_heads
    half = struct.pack(f"<{POOL}e", *(0.02 * n for n in weights.normal))

    def matrix(name, *sizes):
        def data():
            left, start = 2 * sizes[0] * sizes[1], 2 * weights.place(name)
            while left > 0:
                part = half[start: start + left]
                yield part
                left, start = left - len(part), 0
        return name, "f16", sizes, data

    def norm(name):
        return name, "f32", (width,), lambda: struct.pack("<f", 1.0) * width

    tensors = [matrix("token_embd.weight", width, vocabulary), norm("output_norm.weight"), matrix("output.weight", width, vocabulary)]
    for i in range(layers):
        block = f"blk.{i}."
        tensors += [norm(block + "attn_norm.weight"), matrix(block + "attn_q.weight", width, width), matrix(block + "attn_k.weight", width, kv_width),
                    matrix(block + "attn_v.weight", width, kv_width), matrix(block + "attn_output.weight", width, width),
                    norm(block + "ffn_norm.weight"), matrix(block + "ffn_gate.weight", width, feed_forward),
                    matrix(block + "ffn_up.weight", width, feed_forward), matrix(block + "ffn_down.weight", feed_forward, width)]
    metadata = [("general.architecture", "str", "llama"), ("general.file_type", "u32", 1), ("llama.block_count", "u32", layers),
                ("llama.context_length", "u32", 4096), ("llama.embedding_length", "u32", width), ("llama.feed_forward_length", "u32", feed_forward),
                ("llama.attention.head_count", "u32", heads), ("llama.attention.head_count_kv", "u32", kv_heads),
                ("llama.attention.layer_norm_rms_epsilon", "f32", 1e-5), ("llama.rope.dimension_count", "u32", width // heads),
                ("llama.rope.freq_base", "f32", 10000.0), ("llama.vocab_size", "u32", vocabulary), ("tokenizer.ggml.model", "str", "no_vocab")]
    write_gguf(path, metadata, tensors)


def recipes_below(folder, architectures):
    """Recipes by name: NAME.json with NAME.logits.bin beside it, or one that only quantization reads. A folder of further fixtures stands in their names."""
    for path in sorted(folder.rglob("*.json")):
        if path.stem in ("small-llama", "wide-llama") or path.with_name(path.stem + ".logits.bin").exists():
            if json.loads(path.read_text())["architecture"] in architectures:
                yield (path.stem if (folder / "ArchGen.sln").exists() else f"{path.parent.name}.{path.stem}"), path


def checkpoints_below(folder):
    """Checkpoints by name: folders with expected.json, in a folder "conversion"."""
    return ((path.parent.name, path.parent) for path in folder.rglob("expected.json") if path.parent.parent.name == "conversion")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["recipes", "checkpoints", "large"])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("sources", type=pathlib.Path, nargs="*", help="folders with recipes or checkpoints; where two have a name, the first counts")
    parser.add_argument("--architectures", default="", help="recipes of others are left out")
    options = parser.parse_args()
    weights = Weights()
    if options.kind == "large":
        write_large(options.out, weights)
        return
    options.out.mkdir(parents=True, exist_ok=True)
    found = {}
    for source in reversed(options.sources):
        found.update(recipes_below(source, options.architectures.split(",")) if options.kind == "recipes" else checkpoints_below(source))
    for name, path in found.items():
        if options.kind == "recipes":
            write_recipe(name, path, weights, options.out)
        else:
            write_checkpoint(path, weights, options.out / name)


if __name__ == "__main__":
    main()
