#include <catch2/catch.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;

namespace {
std::string wrong(const std::vector<std::string>& overrides) {
  return test::errors_of([&] { test::eyeriss(overrides); });
}
}  // namespace

TEST_CASE("Eyeriss v1 has the published parts", "[unit][arch]") {
  const auto a = test::eyeriss();
  CHECK(a.pes() == 168);
  CHECK(a.buffers[0].capacity == Bytes{108 * 1024});
  CHECK(a.buffers[0].capacity / a.buffers[0].bank == 27);
  CHECK(a.spad(Operand::Input)->depth == Words{12});
  CHECK(a.spad(Operand::Weight)->depth == Words{224});
  CHECK(a.spad(Operand::Output)->depth == Words{24});
  CHECK(a.network(NocRole::Deliver, Operand::Weight)->width == WordsPerCycle{4});
  CHECK(a.network(NocRole::Deliver, Operand::Input)->width == WordsPerCycle{1});
  CHECK(a.core() == Hertz{200e6});
  CHECK(a.core_cycles(Cycles{3}, "link") == Cycles{10});  // 60 MHz against 200 MHz
  CHECK(a.core_cycles(Cycles{1}, "link") == Cycles{4});   // a started cycle counts whole
}

TEST_CASE("checks that need more than one component name the component", "[unit][arch]") {
  CHECK(wrong({"dram.clock=lonk"}) ==
        "--set dram.clock: error: dram.clock is lonk, which is no clock; did you mean link?");
  CHECK(wrong({"buffers.glb.bank=5 KiB"}) ==
        "--set buffers.glb.bank: error: glb has 110592 B, which is no whole number of banks of 5120 B; choose a bank "
        "that divides the capacity");
  CHECK(wrong({"buffers.glb.partitions.fmap.banks=26"})
            .find("the partitions of glb take 28 banks, and it has 27; take fewer banks or make the buffer larger") !=
        std::string::npos);
  CHECK(wrong({"networks.psum_gin.name=ifmap_gin"})
            .find("two components are called ifmap_gin; give each component its own name") != std::string::npos);
  CHECK(wrong({"networks.psum_gon.role=deliver"}).find("there are 2 networks that deliver output; have exactly one") !=
        std::string::npos);
  CHECK(wrong({"networks.filter_gin.fifo=2 words"})
            .find("the FIFO of filter_gin holds 2 words, and the network moves 4 at once") != std::string::npos);
  CHECK(wrong({"array.mac.operations=[]"}).find("a PE has no operation") != std::string::npos);
}

TEST_CASE("autonomous PEs have networks of certain kinds, and nothing of lockstep arrays", "[unit][arch]") {
  CHECK(
      wrong({"networks.ifmap_gin.kind=systolic"}) ==
      "--set networks.ifmap_gin.kind: error: ifmap_gin is of kind systolic; systolic networks need control: lockstep");
  CHECK(wrong({"networks.psum_link.kind=adder_tree"}) ==
        "--set networks.psum_link.kind: error: psum_link is of kind adder_tree; adder trees forward psums, and need "
        "control: lockstep");
  CHECK(wrong({"networks.ifmap_gin.kind=links"}) ==
        "--set networks.ifmap_gin.kind: error: ifmap_gin is of kind links, which is not to deliver; choose from "
        "multicast, bus, broadcast, unicast, mesh");
  CHECK(wrong({"networks.psum_gon.kind=broadcast"}) ==
        "--set networks.psum_gon.kind: error: psum_gon is of kind broadcast, which is not to collect; choose from bus, "
        "unicast, mesh");
  CHECK(wrong({"networks.psum_link.kind=mesh"}) ==
        "--set networks.psum_link.kind: error: psum_link is of kind mesh, which is not to forward; choose from links");
  CHECK(
      wrong({"networks.psum_link.latency=0 cycles"}) ==
      "--set networks.psum_link.latency: error: psum_link has no latency, and a word that a FIFO takes is seen a cycle "
      "later; make the latency at least 1 cycle, or write `control: lockstep`");
  CHECK(
      wrong({"array.lockstep={row_skew: 1}"}) ==
      "--set array.lockstep: error: pe_array is autonomous, and `lockstep` is about steps made together; leave it out, "
      "or write `control: lockstep`");
  for (const char* kind : {"multicast", "bus", "broadcast", "unicast", "mesh"})
    CHECK(test::eyeriss({std::string("networks.ifmap_gin.kind=") + kind}).networks[1].kind.has_value());
}

TEST_CASE("PEs in lockstep have networks of certain kinds", "[unit][arch]") {
  const auto lockstep = [](const std::string& network, const std::string& kind) {
    return std::vector<std::string>{"array.control=lockstep", "networks." + network + ".kind=" + kind,
                                    "buffers.glb.partitions.fmap.bypass=false",
                                    "buffers.glb.partitions.filter.bypass=false", "networks.filter_gin.ahead=false"};
  };
  CHECK(wrong(lockstep("ifmap_gin", "mesh")) ==
        "--set networks.ifmap_gin.kind: error: ifmap_gin is of kind mesh, which brings words to near PEs first; mesh "
        "networks need control: autonomous");
  CHECK(wrong(lockstep("filter_gin", "links")) ==
        "--set networks.filter_gin.kind: error: filter_gin is of kind links, which is not to deliver; choose from "
        "multicast, bus, broadcast, unicast, systolic");
  CHECK(wrong(lockstep("psum_gon", "multicast")) ==
        "--set networks.psum_gon.kind: error: psum_gon is of kind multicast, which is not to collect; choose from bus, "
        "unicast, systolic");
  CHECK(wrong(lockstep("psum_link", "systolic")) ==
        "--set networks.psum_link.kind: error: psum_link is of kind systolic, which is not to forward; choose from "
        "links, adder_tree");
  for (const char* kind : {"multicast", "bus", "broadcast", "unicast", "systolic"})
    CHECK(wrong(lockstep("ifmap_gin", kind)).empty());
  for (const char* kind : {"bus", "unicast", "systolic"}) CHECK(wrong(lockstep("psum_gon", kind)).empty());
  for (const char* kind : {"links", "adder_tree"}) CHECK(wrong(lockstep("psum_link", kind)).empty());
}

TEST_CASE("words go ahead of their pass where they are there before it", "[unit][arch]") {
  CHECK(test::eyeriss().network(NocRole::Deliver, Operand::Weight)->ahead);
  CHECK(test::eyeriss({"networks.ifmap_gin.ahead=true"}).network(NocRole::Deliver, Operand::Input)->ahead);
  CHECK(wrong({"networks.psum_gin.ahead=true"}) ==
        "--set networks.psum_gin.ahead: error: psum_gin sends no words to PEs that could come before their pass; only "
        "networks that deliver ifmap or filter words send ahead");
  CHECK(wrong({"networks.psum_gon.ahead=true"}).find("psum_gon sends no words to PEs") != std::string::npos);
  CHECK(
      wrong({"array.control=lockstep", "networks.filter_gin.ahead=false", "networks.ifmap_gin.ahead=true"}) ==
      "--set networks.ifmap_gin.ahead: error: ifmap_gin is of an array in lockstep, whose networks go on by `overlap`; "
      "leave `ahead` out; write `overlap: true` under array.lockstep");
}

TEST_CASE("a network's kind is known where it is unsaid", "[unit][arch]") {
  const auto a = test::eyeriss();
  CHECK(a.network(NocRole::Deliver, Operand::Input)->wiring() == NocKind::Multicast);
  CHECK(a.network(NocRole::Collect, Operand::Output)->wiring() == NocKind::Bus);
  CHECK(a.network(NocRole::Forward, Operand::Output)->wiring() == NocKind::Links);
  CHECK_FALSE(a.array.pitch.has_value());
  CHECK(test::eyeriss({"array.pitch=250 um"}).array.pitch == Millimetres{0.25});
  CHECK(wrong({"array.pitch=0 mm"}).find("array.pitch") != std::string::npos);
}

TEST_CASE("zeros are coded and skipped where a machine can", "[unit][arch]") {
  const auto a = test::eyeriss({"dram.compression.tensors=[input, output, weight]", "dram.compression.filters=csc",
                                "array.mac.zero_skipping=weight"});
  CHECK(a.dram.compression->csc.count == Bits{4});
  CHECK(a.dram.compression->csc.pointer == Bits{7});
  CHECK(a.array.mac.skips(Operand::Weight));
  CHECK_FALSE(a.array.mac.skips(Operand::Input));
  CHECK(test::eyeriss().array.mac.zero_skipping == ZeroSkipping::None);
  CHECK(wrong({"dram.compression.codebook=true"}) ==
        "--set dram.compression.codebook: error: filters travel uncoded, and a codebook is of filters; add weight to "
        "dram.compression.tensors, or leave `codebook` out");
  CHECK(
      wrong({"dram.compression.tensors=[weight]", "dram.compression.codebook=true", "dram.compression.word=16 b"}) ==
      "--set dram.compression.word: error: a packed word of 16 b has no room for a run of 5 b, an index of up to 12 b "
      "and the bit that ends it; make it 18 b at least");
  CHECK(wrong({"dram.compression.tensors=[weight]", "dram.compression.filters=plain"}) ==
        "--set dram.compression.filters: error: plain filters without a codebook are not coded; write `codebook: "
        "true`, choose run_length or csc, or take weight out of dram.compression.tensors");
  CHECK(wrong({"array.control=lockstep", "networks.filter_gin.ahead=false", "array.mac.zero_skipping=both",
               "buffers.glb.partitions.fmap.bypass=false", "buffers.glb.partitions.filter.bypass=false"}) ==
        "--set array.mac.zero_skipping: error: mac skips zeros, and the PEs of an array in lockstep make every step "
        "together; leave it out, or write `control: autonomous`");
}
