// A table of broken files and command lines: each ends with exit code 2 and says the right place.

#include <catch2/catch.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

/// A shipped file with one text replaced by another.
std::string changed(const std::string& file, const std::string& from, const std::string& to) {
  auto text = test::read_file(test::source(file));
  const auto at = text.find(from);
  if (from.empty() || at == std::string::npos) throw std::runtime_error(file + " does not hold " + from);
  return text.replace(at, from.size(), to);
}
const std::string kArch = "configs/architectures/eyeriss_v1.yaml", kNet = "configs/workloads/tiny.yaml",
                  kPrices = "configs/technologies/eyeriss_65nm.yaml", kMap = "configs/mappings/eyeriss_v1/alexnet.yaml";

struct Broken {
  std::string what, file, text, says;
};

std::vector<Broken> broken_files() {
  const auto arch = [](const std::string& what, const std::string& from, const std::string& to,
                       const std::string& says) {
    return Broken{what, "a.yaml", changed(kArch, from, to), says};
  };
  const auto net = [](const std::string& what, const std::string& from, const std::string& to,
                      const std::string& says) {
    return Broken{what, "a.yaml", changed(kNet, from, to), says};
  };
  const auto prices = [](const std::string& what, const std::string& from, const std::string& to,
                         const std::string& says) {
    return Broken{what, "a.yaml", changed(kPrices, from, to), says};
  };
  const auto map = [](const std::string& what, const std::string& from, const std::string& to,
                      const std::string& says) {
    return Broken{what, "a.yaml", changed(kMap, from, to), says};
  };
  return {
      arch("wrong type", "rows: 12", "rows: twelve",
           ":51:9: error: array.rows is \"twelve\"; it must be a whole number"),
      arch("fraction", "rows: 12", "rows: 1.5", ":51:9: error: array.rows is 1.5; it must be a whole number"),
      arch("zero rows", "rows: 12", "rows: 0", ":51:9: error: array.rows is 0; it must be at least 1"),
      arch("too many columns", "columns: 14", "columns: 99999",
           "error: array.columns is 99999; it must be at most 4096"),
      arch("no unit", "108 KiB", "108", "error: buffers[glb].capacity is 108, without a unit"),
      arch("wrong unit", "108 KiB", "108 KHz", "error: buffers[glb].capacity is \"108 KHz\", which has no known unit"),
      arch("unit of another dimension", "200 MHz", "200 MiB",
           "error: clocks[core].frequency is \"200 MiB\", which has no known unit"),
      arch("negative clock", "200 MHz", "-200 MHz",
           "error: clocks[core].frequency is -200 MHz; it must be more than 0 Hz"),
      arch("no core clock", "{name: core, ", "{name: kern, ", "error: there is no clock called core"),
      arch("unknown clock", "clock: link", "clock: lnk",
           "error: dram.clock is lnk, which is no clock; did you mean link?"),
      arch("misspelt key", "spads:", "spds:", "error: array has no key spds; did you mean spads?"),
      arch("unknown key", "rows: 12", "rows: 12\n  wings: 2", "error: array has no key wings; known keys are"),
      arch("unknown enumerator", "role: collect", "role: colect",
           "error: networks[psum_gon].role is \"colect\"; did you mean collect?"),
      arch("unknown tensor", "tensors: [weight]", "tensors: [weigt]",
           "error: buffers[glb].partitions[filter].tensors[0] is \"weigt\"; did you mean weight?"),
      arch("banks that don't divide", "bank: 4 KiB", "bank: 5 KiB", "is no whole number of banks"),
      arch("too many banks", "banks: 25", "banks: 26", "take 28 banks, and it has 27"),
      arch("missing spad", "  - {name: ifmap_spad, tensor: input, depth: 12 words}\n", "",
           "error: there are 0 spads for input; have exactly one"),
      arch("two networks for one way", "role: collect", "role: deliver",
           "error: there are 2 networks that deliver output"),
      arch("shallow FIFO", "fifo: 8 words, ahead: true}\n- {name: ifmap", "fifo: 2 words, ahead: true}\n- {name: ifmap",
           "error: the FIFO of filter_gin holds 2 words, and the network moves 4 at once"),
      arch("operand too wide", "weight: 16 b", "weight: 24 b", "error: words.weight is 24 b; it must be at most 16 b"),
      arch("duplicate key", "rows: 12", "rows: 12\n  rows: 13", "error: the key rows stands here again"),
      arch("empty value", "rows: 12", "rows:", "error: array.rows is empty"),
      arch("list for a map", "array:", "array: []\nzarray:", "error: array is a list; it must be a map"),
      arch("other kind", "kind: architecture", "kind: workload", "error: "),
      {"truncated", "a.yaml",
       test::read_file(test::source(kArch)).substr(0, test::read_file(test::source(kArch)).find("depth: 24 words")),
       "a.yaml:56:5: error: a key is no plain text"},
      arch("tab as indentation", "  rows: 12", "\trows: 12", "error: this is no YAML"),
      net("cycle", "inputs: [data]", "inputs: [fc3]",
          "error: layers read each other in a circle: conv1 -> norm1 -> pool1 -> conv2 -> relu2 -> pool2 -> fc3 -> "
          "conv1"),
      net("unknown input", "inputs: [norm1]", "inputs: [nrm1]",
          "error: pool1 reads nrm1, which is neither a layer nor an input; did you mean norm1?"),
      net("name taken", "name: pool2", "name: pool1", "error: the name pool1 is taken"),
      net("kernel too large", "kernel: {rows: 5, columns: 3}", "kernel: {rows: 50, columns: 3}",
          "error: the window of conv1 spans 50 rows"),
      net("groups don't divide", "groups: 2", "groups: 5",
          "error: 5 groups do not divide 8 input and 12 output channels of conv2"),
      net("unknown layer type", "type: relu", "type: rely",
          "error: layers[relu2].type is \"rely\"; did you mean relu?"),
      net("key of another type", "type: relu", "type: relu, groups: 2", "error: layers[relu2] has no key groups"),
      net("share above one", "input_zeros: 0.4", "input_zeros: 40",
          "error: layers[conv2].input_zeros is 40; it must be at most 1"),
      net("stride zero", "stride: {rows: 2, columns: 1}", "stride: {rows: 0, columns: 1}",
          "error: layers[conv1].stride.rows is 0; it must be at least 1"),
      net("pair as a list", "stride: {rows: 2, columns: 1}", "stride: [2, 1]",
          "error: layers[conv1].stride is a list; it must be a map"),
      net("no layers", "layers:", "layers: []\nrest:", "error: the file has no key rest"),
      net("a tensor beyond memory", "out_channels: 8", "out_channels: 16000000",
          "error: a tensor of conv1 has more than 2^31 elements"),
      net("an input beyond memory", "rows: 19, columns: 17", "rows: 1000000, columns: 1000000",
          "error: the input data has more than 2^31 elements"),
      net("missing key", "out_channels: 10", "bias: true", "error: layers[fc3] misses the key out_channels"),
      prices("priced twice", "component: dram, action: write", "component: dram, action: read",
             "error: read of dram is priced twice"),
      prices("no source", "source: \"nn_dataflow tests, Eyeriss chip\", ", "", "misses the key source"),
      prices("negative energy", "energy: 460 pJ", "energy: -460 pJ", "it must be at least 0 pJ"),
      prices("unknown confidence", "confidence: assumed", "confidence: sure", "confidence is \"sure\"; known are"),
      prices("static a word", "per: cycle", "per: word", "error: static is priced per word"),
      map("no parameter", "m: 96, ", "", "error: layers[0].row_stationary misses the key m"),
      map("mapped twice", "layer: conv2", "layer: conv1", "error: conv1 is mapped twice"),
      map("not a number", "m: 96", "m: many", "error: layers[0].row_stationary.m is \"many\""),
      map("no way to map", ", row_stationary: {m: 96, n: 1, e: 7, p: 16, q: 1, r: 1, t: 2}", "",
          "error: conv1 is mapped in no way"),
      {"empty", "a.yaml", "", "a.yaml: error: the file is empty"},
      {"only a comment", "a.yaml", "# nothing\n", "a.yaml: error: the file is empty"},
      {"binary garbage", "a.yaml",
       std::string("\x7f"
                   "ELF\x02\x01\x01\0\0\xff\xfe",
                   11),
       "a.yaml:1:5: error: this is no UTF-8 text"},
      {"a scalar", "a.yaml", "42\n", "error: "},
      {"no kind", "a.yaml", "name: x\n", "error: the file has no key kind"},
      {"unknown kind", "a.yaml", "kind: architectur\n",
       "a.yaml:1:7: error: the kind architectur is not known; did you mean architecture?"},
      {"deep nesting", "a.yaml", "a: " + std::string(3000, '[') + std::string(3000, ']') + "\n",
       "nested deeper than 100"},
      {"anchors", "a.yaml", "kind: &a architecture\nname: *a\n", "error: anchors are not read"}};
}

}  // namespace

TEST_CASE("each broken file ends with exit code 2 and the right place", "[bad_input]") {
  const auto table = broken_files();
  CHECK(table.size() >= 40);
  for (const auto& b : table) {
    CAPTURE(b.what);
    const test::Folder folder;
    const auto path = folder.write(b.file, b.text);
    const auto result = test::cli("check " + path);
    CHECK(result.code == 2);
    CHECK(result.err.starts_with(folder.path() + "/a.yaml"));
    CHECK_THAT(result.err, Catch::Contains(b.says));
  }
}

TEST_CASE("each broken command line ends with exit code 2 and says what would be right", "[bad_input]") {
  using Row = std::pair<std::string, std::string>;
  const std::string run = "run --arch eyeriss_v1 --workload tiny --quiet ";
  const auto [arguments, says] = GENERATE_COPY(
      Row{"", "error: A subcommand is required"}, Row{"fly", "error: "},
      Row{"run", "error: there is nothing to run; give an experiment file, or --arch and --workload"},
      Row{"run --arch eyeris_v1 --workload tiny",
          "error: there is no architecture called eyeris_v1; did you mean eyeriss_v1?"},
      Row{"run --arch eyeriss_v1 --workload alexnt",
          "error: there is no workload called alexnt; did you mean alexnet?"},
      Row{"run --arch missing/file.yaml --workload tiny", "missing/file.yaml: error: there is no such file"},
      Row{run + "--batch 0", "--batch"}, Row{run + "--batch many", "--batch"}, Row{run + "--jobs 0", "--jobs"},
      Row{run + "--format xml", "--format"}, Row{run + "--wings 2", "--wings"},
      Row{run + "--layers conv9", "--layers: error: tiny has no layer conv9; did you mean conv1?"},
      Row{run + "--layers prob", "--layers: error: no layer of tiny is left to run on eyeriss_v1"},
      Row{run + "--set rows=2", "--set: error: rows names no key of a document"},
      Row{run + "--set architecture.array.rws.x=2",
          "--set array.rws.x: error: there is no rws in array; did you mean rows?"},
      Row{run + "--set architecture.array.rows=zero",
          "--set array.rows: error: array.rows is \"zero\"; it must be a whole number"},
      Row{run + "--host refuse --set workload.layers.norm1.place=machine",
          "error: eyeriss_v1 cannot run norm1 (lrn): lrn is no loop nest; write `place: host`"},
      Row{run + "--dataflow row_stationary --set architecture.array.rows=4",
          "error: conv1 has no legal mapping on eyeriss_v1; pe_array needs 5 rows"},
      Row{run + "--dataflow row_stationary --set architecture.array.rows=4",
          "--set array.rows: error: pe_array has 4 rows; with 5 there is a mapping"},
      Row{"map --arch eyeriss_v1 --workload tiny --layers conv1 --cycle-limit 9",
          "--cycle-limit: error: the limit is 9 cycles; with"},
      Row{"map --arch eyeriss_v1 --workload tiny --objective beauty", "--objective"},
      Row{"map --arch eyeriss_v1 --workload tiny --dataflow roww_stationary", "did you mean row_stationary?"},
      Row{run + "--set dataflow.whole_on_y=[S]", "error: S is whole in a PE and along y; choose one"},
      Row{"explain --arch eyeriss_v1 --layer tiny", "--layer: error: tiny names no layer of a workload"},
      Row{"import timeloop --problem nothing.yaml -o x", "nothing.yaml: error: there is no such file"},
      Row{"import scalesim --config nothing.cfg --topology nothing.csv -o x",
          "nothing.cfg: error: there is no such file; check the path\nnothing.csv: error: there is no such file"},
      Row{"import scalesim --config nothing.cfg --topology nothing.csv -o x --word-bits 32", "--word-bits"},
      Row{"import", "it is not said what to import"},
      Row{run + "--host refuse --set 'architecture.array.mac.operations=[multiply_add]'",
          "error: eyeriss_v1 cannot run pool1 (max_pool): PEs of eyeriss_v1 have no maximum; write `place: host`"},
      Row{run + "--mapping eyeriss_v1/alexnet", "error: tiny has no layer conv3"},
      Row{run + "--mapping nothing", "error: there is no mapping called nothing"},
      Row{run + "--set 'energy_table.prices.0.component=tape'",
          "has no price for read of dram; add one for `component: dram`"},
      Row{"simulate --arch eyeriss_v1 --layer conv1",
          "--layer: error: conv1 names no layer of a workload; write it like alexnet:conv3"},
      Row{"list shoes", "error: there is no kind shoes; known are architectures"},
      Row{"show workloads alexne", "did you mean alexnet?"}, Row{"check", "files"});
  CAPTURE(arguments);
  const auto result = test::cli(arguments);
  CHECK(result.code == 2);
  CHECK_THAT(result.err, Catch::Contains(says));
  CHECK(result.out.empty());
}

TEST_CASE("a mapping that does not fit is refused with its line", "[bad_input]") {
  const test::Folder folder;
  const auto path =
      folder.write("m.yaml", changed(kMap, "e: 13, p: 16, q: 4, r: 1, t: 4", "e: 13, p: 32, q: 4, r: 1, t: 4"));
  const auto result =
      test::cli("run --arch eyeriss_v1 --workload alexnet --batch 4 --layers conv3 --quiet --mapping " + path);
  CHECK(result.code == 2);
  CHECK_THAT(result.err, Catch::StartsWith(path + ":11:3: error: conv3: "));
  CHECK_THAT(result.err, Catch::Contains("words of output do not fit psum_spad of 24 words"));
}
