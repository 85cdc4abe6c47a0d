#include "interchange/scalesim_machine.hpp"

#include <catch2/catch.hpp>

#include "dataflows/systolic_model.hpp"

using namespace eyrie;

namespace {

ScaleSimConfig config(Stationary s) {
  return {.run_name = "a b",
          .rows = 24,
          .columns = 10,
          .ifmap = Bytes{3 * 1024},
          .filter = Bytes{5 * 1024},
          .ofmap = Bytes{7 * 1024},
          .stationary = s,
          .bandwidth = WordsPerCycle{20},
          .notes = {}};
}

Architecture written_and_read(const ScaleSimConfig& c, Bits word) {
  return read_architecture(YamlDocument::from_text(scalesim_architecture_text(c, word), "a.yaml"));
}

const std::string kTopology =
    "Layer name,IFMAP Height,IFMAP Width,Filter Height,Filter Width,Channels,Num Filter,Strides,\n"
    "Conv1,224,220,11,9,3,96,4,\nConv1_ifmap,13,13,3,3,24,16,1,\nDP: 3,15,14,3,2,8,2,1,2,\n";

Network network(const std::string& topology, ScaleSimForm form) {
  const auto t = read_scalesim_topology(topology, "net.csv", form);
  return Network::from_yaml(YamlDocument::from_text(scalesim_workload_text(t), "w.yaml"), 1);
}

}  // namespace

TEST_CASE("a configuration becomes a lockstep machine that reads back", "[unit][interchange]") {
  const auto a = written_and_read(config(Stationary::Weight), Bits{8});
  CHECK(a.name == "a b");
  CHECK(a.dataflow == "weight_stationary");
  CHECK(a.words == Widths{Bits{8}, Bits{8}, Bits{8}, Bits{8}});
  CHECK(a.array.rows == 24);
  CHECK(a.array.columns == 10);
  CHECK(a.array.control == Control::Lockstep);
  CHECK(a.array.lockstep.row_skew == 1);
  CHECK(a.array.lockstep.column_skew == 1);
  CHECK(a.array.lockstep.fold == Fold::Whole);
  CHECK_FALSE(a.array.lockstep.overlap);
  CHECK(a.array.mac.pipeline == Cycles{1});
  CHECK(a.dram.bandwidth == BytesPerCycle{20});
  CHECK(a.dram.latency == Cycles{0});
  for (const auto& b : a.buffers) CHECK(b.partitions.front().double_buffered);
  CHECK(a.buffer(Operand::Input)->capacity == Bytes{3 * 1024});
  CHECK(a.buffer(Operand::Weight)->capacity == Bytes{5 * 1024});
  CHECK(a.buffer(Operand::Output)->capacity == Bytes{7 * 1024});
  CHECK(a.network(NocRole::Deliver, Operand::Input)->kind == NocKind::Systolic);
  CHECK(a.network(NocRole::Collect, Operand::Output)->kind == NocKind::Systolic);
  CHECK(a.network(NocRole::Forward, Operand::Output)->kind == NocKind::Links);
  CHECK(a.network(NocRole::Collect, Operand::Output)->latency == Cycles{0});
}

TEST_CASE("networks are as wide as the edge where their words go in", "[unit][interchange]") {
  const auto width = [](Stationary s, Operand t) {
    return written_and_read(config(s), Bits{8}).network(NocRole::Deliver, t)->width.count();
  };
  for (const auto s : {Stationary::Weight, Stationary::Output}) {
    CHECK(width(s, Operand::Input) == 24);
    CHECK(width(s, Operand::Weight) == 10);
    CHECK(width(s, Operand::Output) == 10);
  }
  CHECK(width(Stationary::Input, Operand::Input) == 10);
  CHECK(width(Stationary::Input, Operand::Weight) == 24);
  CHECK(written_and_read(config(Stationary::Input), Bits{8}).dataflow == "input_stationary");
  CHECK(written_and_read(config(Stationary::Output), Bits{8}).dataflow == "output_stationary");
}

TEST_CASE("words may have any width, in the same bytes", "[unit][interchange]") {
  for (std::int64_t bits = 2; bits <= 16; ++bits) {
    const auto a = written_and_read(config(Stationary::Output), Bits{bits});
    CHECK(a.words.psum == Bits{bits});
    CHECK(a.dram.bandwidth == BytesPerCycle{20.0 * static_cast<double>(bits) / 8});
    CHECK(a.buffer(Operand::Input)->capacity == Bytes{3 * 1024});
  }
}

TEST_CASE("with CALC the link to DRAM is as wide as it takes, and that is said", "[unit][interchange]") {
  auto c = config(Stationary::Output);
  c.bandwidth.reset();
  const auto a = written_and_read(c, Bits{16});
  CHECK(a.dram.bandwidth == BytesPerCycle{2.0 * 1048576});
  CHECK(a.partition(Operand::Input)->write == kScaleSimUnlimited);
  CHECK(
      scalesim_choices(c, Bits{16}) ==
      std::vector<std::string>{"words have no width in SCALE-Sim; 16 b are taken",
                               "there is no clock in SCALE-Sim; 1 GHz is taken, and energy is priced with eyeriss_65nm",
                               "DRAM is as fast as it takes; 1048576 words a cycle are taken"});
}

TEST_CASE("a topology becomes unconnected layers of the shapes that SCALE-Sim counts", "[unit][interchange]") {
  const auto n = network(kTopology, ScaleSimForm::Convolution);
  CHECK(n.name() == "net");
  REQUIRE(n.layers().size() == 3);
  CHECK(n.inputs()[0].name == "Conv1_ifmap_");
  const auto& conv1 = n.layer("Conv1");
  CHECK(conv1.output == Shape{1, 96, 55, 54});
  CHECK(conv1.padding == Padding{.bottom = 3, .right = 1});
  CHECK_FALSE(conv1.bias);
  CHECK(n.layer("Conv1_ifmap").output == Shape{1, 16, 11, 11});
  CHECK(n.layer("Conv1_ifmap").padding == Padding{});
  const auto& dp = n.layer("DP: 3");
  CHECK(dp.groups == 8);
  CHECK(dp.out_channels == 16);
  CHECK(dp.output == Shape{1, 16, 13, 7});
  CHECK(dp.macs() == Macs{16 * 13 * 7 * 3 * 2});
}

TEST_CASE("a window may hang over by more than itself, as in strided 1 x 1 layers", "[unit][interchange]") {
  const auto n = network("h\ndown,56,56,1,1,64,128,2,\nfar,9,10,2,1,3,4,7,5,\n", ScaleSimForm::Convolution);
  CHECK(n.layer("down").output == Shape{1, 128, 29, 29});  // SCALE-Sim's ceil((56 - 1 + 2) / 2)
  CHECK(n.layer("down").padding == Padding{.bottom = 1, .right = 1});
  CHECK(n.layer("far").output == Shape{1, 4, 2, 3});
  CHECK(n.layer("far").padding == Padding{.right = 1});
}

TEST_CASE("names that YAML reads as something else come back as names", "[unit][interchange]") {
  for (const std::string name : {"NULL", "Null", "~", "12", "1e3", "true", "- a", "a: b", "#", "\"", "é ü", "[x]"}) {
    CAPTURE(name);
    CHECK(network("h\n" + name + ",9,9,3,3,4,5,1,\n", ScaleSimForm::Convolution).layers()[0].name == name);
    auto c = config(Stationary::Weight);
    c.run_name = name;
    CHECK(written_and_read(c, Bits{8}).name == name);
  }
}

TEST_CASE("imported layers make the matrix products that SCALE-Sim maps", "[unit][interchange]") {
  const auto conv1 = network(kTopology, ScaleSimForm::Convolution).layer("Conv1").nest();
  REQUIRE(conv1);
  CHECK(matrix_product(*conv1) == MatrixProduct{.m = 55 * 54, .k = 11 * 9 * 3, .n = 96});
  const auto test1 = network("Layer, M, N, K,\nTest 1, 256, 128, 64,\n", ScaleSimForm::Gemm).layer("Test 1").nest();
  REQUIRE(test1);
  CHECK(matrix_product(*test1) == MatrixProduct{.m = 256, .k = 64, .n = 128});
}
