// What is a machine for words of other widths?

#include "arch/precision.hpp"

#include <catch2/catch.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;
using namespace eyrie::literals;

static Widths widths(std::int64_t input, std::int64_t weight, std::int64_t psum, std::int64_t output) {
  return {.input = Bits{input}, .weight = Bits{weight}, .psum = Bits{psum}, .output = Bits{output}};
}

TEST_CASE("a wider word takes whole words, narrower ones share one if they are packed", "[unit][arch]") {
  const auto [data, packing, holds, takes, stored] = GENERATE(
      table<std::int64_t, Packing, std::int64_t, std::int64_t, std::int64_t>({{16, Packing::Whole, 1, 1, 16},
                                                                              {17, Packing::Whole, 1, 2, 32},
                                                                              {32, Packing::Packed, 1, 2, 32},
                                                                              {8, Packing::Whole, 1, 1, 16},
                                                                              {9, Packing::Packed, 1, 1, 16},
                                                                              {8, Packing::Packed, 2, 1, 8},
                                                                              {5, Packing::Packed, 3, 1, 6},
                                                                              {4, Packing::Packed, 4, 1, 4},
                                                                              {1, Packing::Packed, 16, 1, 1}}));
  const auto fit = fit_of(Bits{data}, 16_b, packing);
  CAPTURE(data);
  CHECK(fit.share == WordShare{holds, takes});
  CHECK(fit.stored == Bits{stored});
}

TEST_CASE("a machine at its own widths is the same machine", "[unit][arch]") {
  const auto a = test::eyeriss();
  for (const auto packing : {Packing::Whole, Packing::Packed}) {
    const auto same = at_precision(a, a.words, packing);
    CHECK(same.words == a.words);
    CHECK(same.port_share == a.port_share);
    for (Operand t : kAllOperands) {
      CHECK(same.read_rate(t) == a.partition(t)->read);
      CHECK(same.spad(t)->depth == a.spad(t)->depth);
    }
    CHECK(same.dram.compression->pairs == 3);
  }
}

TEST_CASE("psums of 32 bits halve what 16-bit memories, ports and networks do of them", "[unit][arch]") {
  const auto a = at_precision(test::eyeriss(), widths(16, 16, 32, 16), Packing::Whole);
  CHECK(a.words == widths(16, 16, 32, 16));
  CHECK(a.spad(Operand::Output)->depth == 12_words);
  CHECK(a.spad(Operand::Input)->depth == 12_words);  // its own
  CHECK(a.network(NocRole::Collect, Operand::Output)->width == WordsPerCycle{2});
  CHECK(a.network(NocRole::Deliver, Operand::Output)->fifo == 8_words);
  // Ifmap words and psums share a partition.
  CHECK(a.read_rate(Operand::Output) == WordsPerCycle{2});
  CHECK(a.read_rate(Operand::Input) == WordsPerCycle{4});
  CHECK(a.write_rate(Operand::Output) == WordsPerCycle{2});
}

TEST_CASE("packed words of 8 bits double what 16-bit memories hold", "[unit][arch]") {
  const auto packed = at_precision(test::eyeriss(), widths(8, 4, 32, 8), Packing::Packed);
  CHECK(packed.words == widths(8, 4, 32, 8));
  CHECK(packed.spad(Operand::Input)->depth == 24_words);
  CHECK(packed.spad(Operand::Weight)->depth == 896_words);
  CHECK(packed.network(NocRole::Deliver, Operand::Weight)->width == WordsPerCycle{16});
  CHECK(packed.read_rate(Operand::Input) == WordsPerCycle{8});
  CHECK(packed.dram.compression->pairs == 4);  // of 5 + 8 b beside the terminator in 64 b

  const auto whole = at_precision(test::eyeriss(), widths(8, 4, 16, 8), Packing::Whole);
  CHECK(whole.words == test::eyeriss().words);
  CHECK(whole.spad(Operand::Weight)->depth == 224_words);
  CHECK(whole.dram.compression->pairs == 3);
}

TEST_CASE("precisions that a machine cannot have are errors", "[unit][arch][bad_input]") {
  const auto errors = [](const Widths& w, const std::vector<std::string>& overrides = {}) {
    const auto text = test::errors_of([&] { (void)at_precision(test::eyeriss(overrides), w, Packing::Whole); });
    return text.substr(text.find("error: "));
  };
  CHECK(errors(widths(16, 0, 16, 16)) == "error: weights of 0 b are no words; choose from 1 to 32 b");
  CHECK(errors(widths(8, 8, 4, 8)) ==
        "error: psums of 4 b are narrower than outputs of 8 b; make psums at least as wide");
  CHECK(errors(widths(32, 16, 32, 16)) ==
        "error: an ifmap word has 32 b, and the multipliers of eyeriss_v1 take 16 b; choose narrower words, or a "
        "machine of wider ones");
  CHECK(errors(widths(16, 16, 32, 16), {"array.spads.psum_spad.depth=1 words"}) ==
        "error: eyeriss_v1 psum_spad of 1 words is too small for a psum of 32 b, which takes 2 words of 16 b; choose "
        "words of at most 16 b, or a machine of wider ones");
}
