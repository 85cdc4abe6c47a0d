#include <catch2/catch.hpp>

#include "interchange/timeloop_architecture.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using namespace eyrie::literals;

namespace {

/// In the manner of the published row-stationary designs: filters go past the buffer, spads in parallel.
const std::string kMachine = R"(architecture:
  version: 0.4
  nodes:
  - !Container
    name: system
    attributes:
      technology: "45nm"
      global_cycle_seconds: 5e-9

  - !Component
    name: DRAM
    class: DRAM
    attributes:
      type: "LPDDR4"
      width: 64
      datawidth: 8
      shared_bandwidth: 4

  - !Container
    name: chip

  - !Component
    name: shared_glb
    class: smartbuffer_SRAM
    attributes:
      depth: 8192
      width: 64
      n_banks: 32
      datawidth: 8
      read_bandwidth: 16
      write_bandwidth: 8
    constraints:
      dataspace: {keep: [Inputs, Outputs], bypass: [Weights]}

  - !Container
    name: PE_column
    spatial: {meshX: 14}
    constraints:
      spatial: {permutation: [N, C, P, R, S, Q, M], factors: [N=1, C=1, P=1, R=1, S=1], split: 7}

  - !Container
    name: PE
    spatial: {meshY: 12}

  - !Parallel
    nodes:
    - !Component
      name: ifmap_spad
      class: smartbuffer_RF
      attributes: {depth: 12, width: 16, datawidth: 8}
      constraints:
        dataspace: {keep: [Inputs]}
    - !Component
      name: weights_spad
      class: smartbuffer_RF
      attributes: {depth: 192, width: 8, datawidth: 8}
      constraints:
        dataspace: {keep: [Weights]}
    - !Component
      name: psum_spad
      class: regfile
      attributes: {depth: 16, width: 20, datawidth: 20}
      constraints:
        dataspace: {keep: [Outputs]}

  - !Component
    name: mac
    class: intmac
    attributes:
      multiplier_width: 8
      adder_width: 20
)";

std::string changed(const std::string& from, const std::string& to) {
  auto text = kMachine;
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

TimeloopArchitecture read(const std::string& text) {
  return read_timeloop_architecture(YamlDocument::from_text(text, "arch.yaml"));
}

bool noted(const TimeloopArchitecture& t, const std::string& sentence) {
  return std::ranges::count(t.notes, sentence) == 1;
}

}  // namespace

TEST_CASE("a Timeloop machine becomes an architecture with its sizes", "[unit][interchange]") {
  const auto t = read(kMachine);
  const auto& a = t.architecture;
  CHECK(a.name == "system");
  CHECK(a.core().count() == 200e6);
  CHECK(a.technology.nm == 45);
  CHECK((a.array.rows == 12 && a.array.columns == 14 && a.array.name == "PE"));
  CHECK(t.fanouts == std::vector<TimeloopFanout>{{"PE_column", 14, 1}, {"PE", 1, 12}});
  CHECK(a.dram.name == "DRAM");
  CHECK(a.dram.bandwidth == BytesPerCycle{4});  // 4 words of 8 b
  REQUIRE(a.buffers.size() == 2);
  CHECK(a.buffers[0].name == "shared_glb");
  CHECK(a.buffers[0].capacity == 65536_B);
  CHECK(a.buffers[0].bank == 8_B);
  CHECK(a.partition(Operand::Input)->tensors == std::vector{Operand::Input, Operand::Output});
  CHECK(a.partition(Operand::Output)->read.count() == 16);
  CHECK(a.partition(Operand::Output)->write.count() == 8);
  CHECK(a.spad(Operand::Input)->depth == 24_words);  // two words a row
  CHECK(a.spad(Operand::Weight)->depth == 192_words);
  CHECK(a.spad(Operand::Output)->depth == 16_words);
  CHECK((a.words.input == 8_b && a.words.weight == 8_b && a.words.psum == 20_b && a.words.output == 8_b));
  CHECK(a.array.mac.name == "mac");
}

TEST_CASE("a tensor that bypasses all buffers is staged, and that is said", "[unit][interchange]") {
  const auto t = read(kMachine);
  CHECK(t.architecture.buffer(Operand::Weight)->name == "weight_staging");
  CHECK(t.architecture.buffer(Operand::Weight)->capacity == Bytes{192 * 12 * 14});
  CHECK(t.architecture.partition(Operand::Weight)->bypass);
  CHECK(!t.architecture.partition(Operand::Input)->bypass);
  const auto two = read(changed("keep: [Inputs, Outputs], bypass: [Weights]", "keep: [Inputs]"));
  CHECK(!two.architecture.partition(Operand::Weight)->bypass);
  CHECK(noted(two, "Outputs bypasses all buffers: output_staging holds what all PEs hold of it, 6720 B"));
  CHECK(read(changed("keep: [Inputs, Outputs], bypass", "bypass")).architecture.partition(Operand::Input)->bypass);
  CHECK(noted(t,
              "Weights bypasses all buffers: its words go straight from DRAM to the PEs; weight_staging, 32256 B, is "
              "for mappings that keep it"));
}

TEST_CASE("what Timeloop doesn't say is chosen and noted, what has no place here is named", "[unit][interchange]") {
  const auto t = read(kMachine);
  CHECK(noted(t, "attributes of DRAM that are left out: type"));
  CHECK(noted(t, "attributes of shared_glb that are left out: n_banks"));
  CHECK(noted(t, "constraints on mappings at PE_column are left out: they are no part of a machine"));
  CHECK(noted(t,
              "Outputs have 8 b in shared_glb and 20 b in psum_spad; one width a tensor: 20 b everywhere on the chip"));
  CHECK(noted(t, "energy is priced with eyeriss_65nm; set `energy_table` to another"));
  for (const auto& note : t.notes) CHECK(t.yaml.find("# " + note + "\n") != std::string::npos);
  const auto plain = read(changed("      read_bandwidth: 16\n", ""));
  CHECK(noted(plain,
              "shared_glb has no read bandwidth, which is without bound in Timeloop; 8 words a cycle, a row, are "
              "taken"));
}

TEST_CASE("the text of an imported machine is an architecture file", "[unit][interchange]") {
  const auto t = read(kMachine);
  const auto again = read_architecture(YamlDocument::from_text(t.yaml, "eyrie.yaml"));
  CHECK(again.buffers.size() == t.architecture.buffers.size());
  CHECK(again.network(NocRole::Deliver, Operand::Weight)->fifo == 32_words);
}

TEST_CASE("a PE without a memory for a tensor holds the word in use", "[unit][interchange]") {
  const auto t = read(changed("dataspace: {keep: [Outputs]}", "dataspace: {bypass: [Inputs, Weights, Outputs]}"));
  CHECK(t.architecture.spad(Operand::Output)->name == "output_register");
  CHECK(t.architecture.spad(Operand::Output)->depth == 1_words);
  CHECK(noted(t, "Outputs bypasses the PEs' memories: output_register holds the one word in use"));
  CHECK(noted(t, "psum_spad keeps nothing and is left out"));
}

TEST_CASE("a fan-out may stand at a component, and a technology among the variables", "[unit][interchange]") {
  const auto t = read(R"(variables: {version: 0.4, technology: "28nm", global_cycle_seconds: 1e-9}
architecture:
  version: "0.4"
  nodes:
  - !Component {name: MainMemory, class: DRAM, attributes: {width: 256, datawidth: 8}}
  - !Component {name: GlobalBuffer, class: SRAM, attributes: {depth: 1024, width: 64, datawidth: 8, multiple_buffering: 2}}
  - !Component
    name: RegisterFile
    class: regfile
    spatial: {meshX: 16}
    attributes: {depth: 64, width: 8, datawidth: 8}
    constraints: {dataspace: {keep_only: [Weights]}}
  - !Component {name: MACC, class: intmac}
)");
  CHECK(t.architecture.array.columns == 16);
  CHECK(t.architecture.array.rows == 1);
  CHECK(t.architecture.array.name == "RegisterFile_array");
  CHECK(t.architecture.technology.nm == 28);
  CHECK(t.architecture.partition(Operand::Weight)->double_buffered);
  CHECK(t.architecture.buffers.size() == 1);
  CHECK(t.architecture.dram.bandwidth == BytesPerCycle{32});
}

TEST_CASE("what is no machine of one array is refused with its place", "[unit][interchange][bad_input]") {
  struct Row {
    std::string from, to, error;
  };
  const auto [from, to, error] = GENERATE(values<Row>(
      {{"  - !Component\n    name: DRAM", "  - name: DRAM",
        "arch.yaml:10:5: error: a node has no tag; begin it with !Container or !Component"},
       {"!Parallel", "!Paralel", "arch.yaml:45:5: error: the tag !Paralel is not read; did you mean !Parallel?"},
       {"class: smartbuffer_SRAM", "class: smartbuffer_SRM",
        "arch.yaml:24:12: error: the class smartbuffer_SRM is not read; did you mean smartbuffer_SRAM?"},
       {"      depth: 8192\n", "",
        "arch.yaml:22:5: error: shared_glb has no depth; write its number of rows: `depth: "
        "16384`"},
       {"spatial: {meshX: 14}", "spatial: {meshZ: 14}",
        "arch.yaml:37:15: error: PE_column.spatial has no key meshZ; did you mean meshX?"},
       {"keep: [Inputs, Outputs]", "keep: [Inputs, Output]",
        "arch.yaml:33:34: error: the data space Output is not known; did you mean Outputs?"},
       {"keep: [Weights]", "keep: [Weights, Inputs]",
        "arch.yaml:53:7: error: Inputs is kept in ifmap_spad and in weights_spad; a tensor has one scratch pad: let it "
        "bypass one of them\n"
        "arch.yaml:53:7: error: weights_spad keeps 2 tensors; a scratch pad holds one tensor: write one component for "
        "each and keep one tensor there"},
       {"class: intmac", "class: fpmac",
        "arch.yaml:68:12: error: the class fpmac is not read; known are DRAM, SRAM, smartbuffer_SRAM, regfile, "
        "smartbuffer_RF, intmac"},
       {"name: DRAM\n    class: DRAM", "name: DRAM\n    class: SRAM",
        "arch.yaml:10:5: error: DRAM has no depth; write its number of rows: `depth: 16384`"},
       {"name: PE\n", "name: PE[1..12]\n",
        "arch.yaml:42:11: error: \"PE[1..12]\" is no plain name; use letters, digits and _; instances are written "
        "`spatial: {meshX: 14, meshY: 12}`"},
       {"global_cycle_seconds: 5e-9", "global_cycle_seconds: 5",
        "arch.yaml:8:29: error: global_cycle_seconds is 5; write a time from 1e-12 to 1 s"},
       {"datawidth: 20", "datawidth: 3",
        "arch.yaml:62:38: error: psum_spad.width is 20, no whole number of words of 3 b; make width a multiple of "
        "datawidth"}}));
  CAPTURE(to);
  CHECK(test::errors_of([&] { read(changed(from, to)); }) == error);
}
