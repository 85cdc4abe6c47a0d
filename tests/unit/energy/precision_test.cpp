// What do words of other widths cost on the machine as it is?

#include "energy/precision.hpp"

#include <catch2/catch.hpp>

#include "energy/price.hpp"
#include "energy/uncertainty.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

EnergyTable shipped() {
  return read_energy_table(YamlDocument::from_file(test::source("configs/technologies/eyeriss_65nm.yaml")));
}

Widths widths(std::int64_t operands, std::int64_t psum) {
  return {.input = Bits{operands}, .weight = Bits{operands}, .psum = Bits{psum}, .output = Bits{operands}};
}

/// A line of so many words of a component, on a machine whose words have these widths.
EnergyLine line(const std::string& component, Operand t, Action action, const Widths& w, Packing packing) {
  const auto base = test::eyeriss();
  const auto a = at_precision(base, w, packing);
  ActionCounts counts;
  counts.add(component, t, action, Words{1000}, bytes_of(Words{1000}, a.width(t)));
  return price(counts, Cycles{1}, a, at_precision(shipped(), base, w, packing)).lines.front();
}

double pj(const std::string& component, Operand t, Action action, const Widths& w, Packing packing) {
  return line(component, t, action, w, packing).energy.count();
}

}  // namespace

TEST_CASE("at the machine's own widths every price is its own", "[unit][energy]") {
  const auto own = test::eyeriss().words;
  for (const auto packing : {Packing::Whole, Packing::Packed}) {
    const auto share = *at_precision(shipped(), test::eyeriss(), own, packing).arithmetic;
    CHECK(share == ArithmeticShare{.at = Bits{16}});
    CHECK_FALSE(line("mac", Operand::Output, Action::Mac, own, packing).assumed);
    CHECK_FALSE(line("glb", Operand::Input, Action::Read, own, packing).scaled);
  }
}

TEST_CASE("packed words cost their part of a word, whole ones a whole word", "[unit][energy]") {
  const auto own = test::eyeriss().words, narrow = widths(8, 16);
  for (const std::string component : {"dram", "glb", "ifmap_spad"}) {
    CAPTURE(component);
    const double before = pj(component, Operand::Input, Action::Read, own, Packing::Whole);
    CHECK(pj(component, Operand::Input, Action::Read, narrow, Packing::Whole) == before);
    CHECK(pj(component, Operand::Input, Action::Read, narrow, Packing::Packed) == Approx(before / 2).margin(0.01));
  }
  CHECK(line("glb", Operand::Input, Action::Read, narrow, Packing::Packed).assumed);
  CHECK_FALSE(line("dram", Operand::Input, Action::Read, narrow, Packing::Packed).assumed);  // bytes that were moved
  CHECK_FALSE(line("glb", Operand::Output, Action::Read, narrow, Packing::Packed).assumed);  // psums of 16 b
}

TEST_CASE("a psum of two words costs both", "[unit][energy]") {
  const auto own = test::eyeriss().words, wide = widths(16, 32);
  const double before = pj("glb", Operand::Output, Action::Read, own, Packing::Whole);
  CHECK(pj("glb", Operand::Output, Action::Read, wide, Packing::Whole) == Approx(2 * before).margin(0.01));
  CHECK(pj("mac", Operand::Output, Action::Add, wide, Packing::Whole) ==
        Approx(2 * pj("mac", Operand::Output, Action::Add, own, Packing::Whole)).margin(0.01));
}

TEST_CASE("a MAC goes with the product of its operands' widths, and its adder with the psum's", "[unit][energy]") {
  // 3.1 pJ at 32 b is 0.775 at 16 and 0.19375 at 8; an addition is 0.05 at 16 and 0.1 at 32.
  const auto share = [](const Widths& w, Packing packing) {
    return at_precision(shipped(), test::eyeriss(), w, packing).arithmetic->mac;
  };
  CHECK(share(widths(8, 16), Packing::Packed) == Approx((0.19375 + 0.05) / 0.825).epsilon(1e-12));
  CHECK(share(widths(8, 32), Packing::Packed) == Approx((0.19375 + 0.1) / 0.825).epsilon(1e-12));
  CHECK(share(widths(8, 8), Packing::Packed) == Approx((0.19375 + 0.025) / 0.825).epsilon(1e-12));
  // Low bits at zero: half of the multiplication at 8 b, and the whole adder.
  CHECK(share(widths(8, 8), Packing::Whole) == Approx((0.3875 + 0.05) / 0.825).epsilon(1e-12));
  auto mixed = widths(16, 16);
  mixed.weight = Bits{4};
  CHECK(share(mixed, Packing::Packed) == Approx((0.775 / 4 + 0.05) / 0.825).epsilon(1e-12));
  CHECK(pj("mac", Operand::Output, Action::Mac, widths(8, 16), Packing::Packed) ==
        Approx(2000 * share(widths(8, 16), Packing::Packed)).margin(0.01));
}

TEST_CASE("fewer bits never cost more, and packed ones never more than whole ones", "[unit][energy]") {
  for (const std::int64_t psum : {16, 32})
    for (std::int64_t bits = 2; bits < 16; ++bits) {
      CAPTURE(bits, psum);
      const auto share = [&](std::int64_t b, Packing packing) {
        return at_precision(shipped(), test::eyeriss(), widths(b, psum), packing).arithmetic->mac;
      };
      CHECK(share(bits, Packing::Packed) < share(bits + 1, Packing::Packed));
      CHECK(share(bits, Packing::Whole) < share(bits + 1, Packing::Whole));
      CHECK(share(bits, Packing::Packed) <= share(bits, Packing::Whole));
      CHECK(share(bits, Packing::Packed) > 0);
    }
}

TEST_CASE("lines at another precision are marked as assumed and known half as well", "[unit][energy]") {
  const auto table = shipped();
  const auto mac = line("mac", Operand::Output, Action::Mac, widths(8, 16), Packing::Packed);
  CHECK(mac.assumed);
  CHECK(mac.scaled);
  CHECK(confidence_of(mac, table) == Confidence::Assumed);
  CHECK(width_of(mac, table) >= usual_width(Confidence::Assumed));
  auto sum = EnergyReport{.lines = {line("mac", Operand::Output, Action::Mac, test::eyeriss().words, Packing::Whole)},
                          .total = {},
                          .dram = {}};
  sum += {.lines = {mac}, .total = {}, .dram = {}};
  REQUIRE(sum.lines.size() == 1);
  CHECK(sum.lines.front().assumed);  // a part of it is
}

TEST_CASE("time costs the same whatever the bits", "[unit][energy]") {
  const auto base = test::eyeriss();
  const auto w = widths(4, 16);
  const auto a = at_precision(base, w, Packing::Packed);
  const auto table = at_precision(shipped(), base, w, Packing::Packed);
  CHECK(price({}, Cycles{1000}, a, table).total == price({}, Cycles{1000}, base, shipped()).total);
}
