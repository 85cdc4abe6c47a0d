#include "interchange/scalesim_config.hpp"

#include <catch2/catch.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

/// A configuration as SCALE-Sim v2 has them, an array that isn't square.
const std::string kConfig = R"([general]
run_name = small_ws

[architecture_presets]
ArrayHeight:    32
ArrayWidth:     16
IfmapSramSzkB:   64
FilterSramSzkB:  48
OfmapSramSzkB:   24
IfmapOffset:    0
FilterOffset:   10000000
OfmapOffset:    20000000
Dataflow : ws
Bandwidth : 10
MemoryBanks:   1

[run_presets]
InterfaceBandwidth: USER
)";

std::string changed(const std::string& from, const std::string& to) {
  auto text = kConfig;
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

ScaleSimConfig read(const std::string& text) { return read_scalesim_config(text, "x.cfg"); }

}  // namespace

TEST_CASE("a SCALE-Sim configuration is read", "[unit][interchange]") {
  const auto c = read(kConfig);
  CHECK(c.run_name == "small_ws");
  CHECK(c.rows == 32);
  CHECK(c.columns == 16);
  CHECK(c.ifmap == Bytes{64 * 1024});
  CHECK(c.filter == Bytes{48 * 1024});
  CHECK(c.ofmap == Bytes{24 * 1024});
  CHECK(c.stationary == Stationary::Weight);
  CHECK(c.bandwidth == WordsPerCycle{10});
  CHECK(c.notes ==
        std::vector<std::string>{"not read, as nothing here depends on them: IfmapOffset, FilterOffset, OfmapOffset"});
}

TEST_CASE("Windows line ends, a byte order mark, comments and any case of keys are fine", "[unit][interchange]") {
  std::string text = "\xef\xbb\xbf# a comment\n; another\n";
  for (const char c : changed("ArrayHeight", "ARRAYheight")) text += c == '\n' ? "\r\n" : std::string(1, c);
  const auto c = read(text);
  CHECK(c.rows == 32);
  CHECK(c.run_name == "small_ws");
  CHECK(c.bandwidth == WordsPerCycle{10});
}

TEST_CASE("with CALC there is no bandwidth, and the one given is noted", "[unit][interchange]") {
  const auto c = read(changed("USER", "CALC"));
  CHECK_FALSE(c.bandwidth);
  CHECK(c.notes.front().ends_with("OfmapOffset, Bandwidth (it counts with InterfaceBandwidth USER)"));
}

TEST_CASE("a configuration of version 1 is read", "[unit][interchange]") {
  const auto c = read(
      "[general]\nrun_name = \"TPU_os\"\n\n[architecture_presets]\nArrayHeight:    256\nArrayWidth:     256\n"
      "IfmapSramSz:    8192\nFilterSramSz:   8192\nOfmapSramSz:    4096\nIfmapOffset:    0\nDataflow:       os\n\n"
      "[network_presets]\nTopologyCsvLoc: \"./topologies/a.csv\"\n");
  CHECK(c.run_name == "TPU_os");
  CHECK(c.ofmap == Bytes{4096 * 1024});
  CHECK(c.stationary == Stationary::Output);
  CHECK_FALSE(c.bandwidth);
  CHECK(c.notes.front().ends_with(": IfmapOffset, TopologyCsvLoc"));
}

TEST_CASE("what version 3 adds is noted when it is off", "[unit][interchange]") {
  const auto c = read(kConfig +
                      "TimeLinearModel: TPUv4\nUseRamulatorTrace: False\n[layout]\nIfmapCustomLayout: False\n"
                      "IfmapSRAMBankNum: 10\n[sparsity]\nSparsitySupport : false\nBlockSize : 8\n");
  CHECK(c.notes.front().ends_with("OfmapOffset, TimeLinearModel, IfmapSRAMBankNum, BlockSize"));
}

TEST_CASE("what is wrong in a configuration is said with its place", "[unit][interchange][bad_input]") {
  using Row = std::tuple<std::string, std::string, std::string>;
  const auto [from, to, says] = GENERATE(
      Row{"ArrayHeight:    32", "ArrayHeight:    none",
          "x.cfg:5:17: error: ArrayHeight is \"none\"; it must be a whole number from 1 to 4096"},
      Row{"ArrayWidth:     16", "ArrayWidth:     0",
          "x.cfg:6:17: error: ArrayWidth is 0; it must be a whole number from 1 to 4096"},
      Row{"ArrayWidth:     16", "ArrayWidth:     16 # columns",
          "x.cfg:6:17: error: ArrayWidth is \"16 # columns\"; it must be a whole number from 1 to 4096"},
      Row{"ArrayWidth:     16",
          "ArrayWidth:", "x.cfg:6:12: error: ArrayWidth is \"\"; it must be a whole number from 1 to 4096"},
      Row{"ArrayHeight:    32", "ArrayHeight:    8,128",
          "x.cfg:5:17: error: ArrayHeight has several values, 8,128; write one"},
      Row{"ArrayHeight:    32\n", "",
          "x.cfg:4:1: error: [architecture_presets] has no ArrayHeight; "
          "add `ArrayHeight: 32`"},
      Row{"IfmapSramSzkB:   64", "IfmapSramSzkB:   6.5",
          "x.cfg:7:18: error: IfmapSramSzkB is \"6.5\"; it must be a whole number from 1 to 1048576"},
      Row{"OfmapSramSzkB:   24\n", "",
          "x.cfg:4:1: error: [architecture_presets] has no OfmapSramSzkB; add `OfmapSramSzkB: 32`"},
      Row{"IfmapOffset:    0", "IfmapSramSz: 64",
          "x.cfg:10:1: error: IfmapSramSz says what IfmapSramSzkB says; keep one"},
      Row{"IfmapOffset", "IfmapOfset",
          "x.cfg:10:1: error: [architecture_presets] has no key IfmapOfset; did you mean IfmapOffset?"},
      Row{"Dataflow : ws", "Dataflow : rs", "x.cfg:13:12: error: Dataflow is \"rs\"; it must be ws, os or is"},
      Row{"Bandwidth : 10\n", "", "x.cfg:4:1: error: [architecture_presets] has no Bandwidth; add `Bandwidth: 32`"},
      Row{"Bandwidth : 10", "Bandwidth : 10,20", "x.cfg:14:13: error: Bandwidth has several values, 10,20; write one"},
      Row{"MemoryBanks:   1", "MemoryBanks:   2",
          "x.cfg:15:16: error: MemoryBanks is 2, and maps of banks are not modelled; write 1"},
      Row{"USER", "user", "x.cfg:18:21: error: InterfaceBandwidth is \"user\"; it must be USER or CALC"},
      Row{"InterfaceBandwidth: USER\n", "",
          "x.cfg:17:1: error: [run_presets] has no InterfaceBandwidth; add `InterfaceBandwidth: CALC`"},
      Row{"run_name = small_ws", "run_name =", "x.cfg:2:11: error: run_name is empty; write a name"},
      Row{"run_name = small_ws", "run_name small_ws",
          "x.cfg:1:1: error: [general] has no run_name; add `run_name = my_machine`\nx.cfg:2:1: error: run_name "
          "small_ws is neither a section nor a key with a value; write it like `ArrayHeight: 32`"},
      Row{"[general]\n", "run_name = a\n[general]\n",
          "x.cfg:1:1: error: run_name stands above the first section; put [general] above it"},
      Row{"[general]", "[general",
          "x.cfg:1:1: error: [general is no section; write its name in brackets, like [general]"},
      Row{"[run_presets]", "[run_preset]",
          "x.cfg:17:1: error: SCALE-Sim has no section [run_preset]; did you mean run_presets?"},
      Row{"[run_presets]", "[general]",
          "x.cfg:17:1: error: [general] comes twice; keep it together; it begins in "
          "line 1\nx.cfg:18:1: error: [general] has no key InterfaceBandwidth; known are "
          "run_name"},
      Row{"ArrayWidth:     16", "arrayheight:    16",
          "x.cfg:4:1: error: [architecture_presets] has no ArrayWidth; add `ArrayWidth: 32`\n"
          "x.cfg:6:1: error: arrayheight comes twice in [architecture_presets]; keep one; the first is in line 5"},
      Row{"FilterOffset", "  FilterOffset",
          "x.cfg:11:3: error: this line goes on with the value above it, being indented more; begin each key where the "
          "others begin, and write a value in one line"},
      Row{"MemoryBanks:   1", "IfmapCustomLayout: True",
          "x.cfg:15:20: error: IfmapCustomLayout is True, and layouts of words in banks are not modelled; write "
          "False"},
      Row{"[run_presets]", "[sparsity]\nSparsitySupport : TRUE\n[run_presets]",
          "x.cfg:18:19: error: SparsitySupport is TRUE, and sparse filters are not modelled; write False"},
      Row{"InterfaceBandwidth: USER", "InterfaceBandwidth: USER\nUseRamulatorTrace: maybe",
          "x.cfg:19:20: error: UseRamulatorTrace is \"maybe\"; it must be True or False"});
  CAPTURE(from, to);
  CHECK(test::errors_of([&, from = from, to = to] { read(changed(from, to)); }) == says);
}

TEST_CASE("all that is wrong in a configuration is said at once", "[unit][interchange][bad_input]") {
  CHECK(test::errors_of([] { read("ArrayHeight = 3\n[generl]\nrun_name: a\n"); }) ==
        "x.cfg: error: there is no section [general]; give a SCALE-Sim configuration\n"
        "x.cfg: error: there is no section [architecture_presets]; give a SCALE-Sim configuration\n"
        "x.cfg:1:1: error: ArrayHeight stands above the first section; put [general] above it\n"
        "x.cfg:2:1: error: SCALE-Sim has no section [generl]; did you mean general?");
  CHECK(test::errors_of([] { read(""); }) ==
        "x.cfg: error: there is no section [general]; give a SCALE-Sim configuration\n"
        "x.cfg: error: there is no section [architecture_presets]; give a SCALE-Sim configuration");
}
