#include <catch2/catch.hpp>

#include "energy/calibrate.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

EnergyTable shipped(const std::string& name = "eyeriss_65nm") {
  return read_energy_table(YamlDocument::from_file(test::source("configs/technologies/" + name + ".yaml")));
}

/// Four layers that differ in zeros, traffic and PEs.
std::vector<CountedLayer> layers() {
  std::vector<CountedLayer> all;
  const auto add = [&](const std::string& name, std::int64_t macs, std::int64_t gated, std::int64_t glb,
                       std::int64_t hops, std::int64_t pes) {
    ActionCounts c;
    const auto words = [&](const char* component, Operand tensor, Action action, std::int64_t n) {
      c.add(component, tensor, action, Words{n}, Bytes{2 * n});
    };
    words("dram", Operand::Input, Action::Read, 500);
    words("glb", Operand::Input, Action::Read, glb);
    words("psum_link", Operand::Output, Action::Hop, hops);
    words("mac", Operand::Output, Action::Mac, macs);
    words("mac", Operand::Output, Action::GatedMac, gated);
    words("mac", Operand::Output, Action::Add, hops);
    words("ifmap_spad", Operand::Input, Action::Read, macs + gated);
    words("filter_spad", Operand::Weight, Action::Read, macs);
    words("psum_spad", Operand::Output, Action::Read, macs);
    words("psum_spad", Operand::Output, Action::Write, macs);
    all.push_back({name, std::move(c), {Cycles{1000}, pes}});
  };
  add("a", 90000, 0, 3000, 2000, 154);
  add("b", 50000, 40000, 9000, 500, 135);
  add("c", 20000, 90000, 1000, 8000, 156);
  add("d", 70000, 1000, 500, 100, 80);
  return all;
}

const std::string kHead =
    "kind: calibration\nname: t\nexperiment: e\nbase: eyeriss_65nm\ntable: fitted\nsource: a test\n";
const std::string kTerms = R"(terms:
- {name: clock, component: array, actions: [clock], per: pe_cycle, prior: 2 pJ, factor: 4, source: s, confidence: assumed}
- {name: leakage, component: chip, actions: [leakage], per: cycle, prior: 100 pJ, factor: 4, source: s, confidence: assumed}
- {name: control, component: array, actions: [control], per: slot, prior: 1 pJ, factor: 1.01, source: s, confidence: assumed}
- {name: mac, component: mac, actions: [mac], prior: 2 pJ, factor: 4, source: s, confidence: assumed}
- {name: buffer, component: sram, actions: [read, write], prior: 15 pJ, factor: 4, source: s, confidence: assumed}
)";

std::string powers(const std::vector<double>& mw, const std::string& more = "") {
  std::string text = "powers:\n";
  for (std::size_t i = 0; i < mw.size(); ++i)
    text += "- {layer: " + std::string(1, static_cast<char>('a' + i)) + ", power: " + std::to_string(mw[i]) + " mW" +
            more + "}\n";
  return text;
}

Calibration read(const std::string& text) { return read_calibration(YamlDocument::from_text(text, "c.yaml")); }

double power(const CountedLayer& l, const EnergyTable& table) {
  const auto a = test::eyeriss();
  const auto report = price(l.counts, l.time, a, table);
  return report.on_chip().count() * 1e-9 / time_of(l.time.cycles, a.core()).count();
}

}  // namespace

TEST_CASE("terms are found that powers were made with", "[unit][energy]") {
  const std::vector<double> planted{3.3, 190, 1, 4.1, 9};
  const auto counted = layers();
  const auto table = with_terms(shipped(), read(kHead + powers({1, 1, 1, 1}, ", width: 1 mW") + kTerms), planted);
  std::vector<double> mw;
  for (const auto& l : counted) mw.push_back(power(l, table));
  const auto c = read(kHead + powers(mw, ", width: 0.05 mW") + kTerms);
  const auto found = calibrate(c, shipped(), test::eyeriss(), counted);
  CHECK(found.ok());
  for (std::size_t i = 0; i < planted.size(); ++i)
    CHECK(found.terms[i].fitted.count() == Approx(planted[i]).epsilon(5e-3));
  CHECK(found.terms[2].remaining > 0.9);  // it was known well enough
}

TEST_CASE("what terms and the base table make of a power sums to it, and to counts times the new table",
          "[unit][energy]") {
  auto c = read(kHead + powers({500, 400, 300, 350}, ", width: 5 mW") + kTerms);
  c.powers[3].width.reset();
  c.average = MeasuredAverage{{390}, ""};
  const auto counted = layers();
  const auto found = calibrate(c, shipped(), test::eyeriss(), counted);
  double all = 0;
  for (std::size_t i = 0; i < counted.size(); ++i) {
    double sum = found.rest_mw[i];
    for (const auto& t : found.terms) sum += t.mw[i];
    CHECK(found.powers[i].ours_mw == Approx(sum));
    CHECK(found.powers[i].ours_mw == Approx(power(counted[i], found.table)));
    CHECK(found.powers[i].prior_mw == Approx(power(counted[i], with_terms(shipped(), c))));
    all += sum / 4;  // equally long
  }
  CHECK(found.average->ours_mw == Approx(all));
  CHECK(found.powers[0].fitted);
  CHECK_FALSE(found.powers[3].fitted);
}

TEST_CASE("what is held out does not move the fit, and decides on the verdict", "[unit][energy]") {
  auto c = read(kHead + powers({500, 400, 300, 350}, ", width: 5 mW") + kTerms);
  c.powers[1].width.reset();
  c.powers[3].width.reset();
  const auto one = calibrate(c, shipped(), test::eyeriss(), layers());
  c.powers[1].power = {one.powers[1].ours_mw * 1.05};
  c.powers[3].power = {one.powers[3].ours_mw * 0.95};
  auto other = calibrate(c, shipped(), test::eyeriss(), layers());
  for (std::size_t i = 0; i < one.terms.size(); ++i) CHECK(one.terms[i].fitted == other.terms[i].fitted);
  CHECK(other.within_tolerance());
  CHECK(other.ok());
  c.tolerance.layer_percent = 4;
  CHECK_FALSE(calibrate(c, shipped(), test::eyeriss(), layers()).ok());
}

TEST_CASE("the table says how well its figures are known, each and together", "[unit][energy]") {
  auto c = read(kHead + powers({500, 400, 300, 350}, ", width: 5 mW") + kTerms);
  c.powers[3].width.reset();
  const auto one = calibrate(c, shipped(), test::eyeriss(), layers());
  c.powers[3].power = {one.powers[3].ours_mw * 1.25};  // ours is 20 % below
  const auto found = calibrate(c, shipped(), test::eyeriss(), layers());
  double worst = 1;
  for (const auto& p : found.powers) worst = std::max({worst, p.ours_mw / p.published_mw, p.published_mw / p.ours_mw});
  REQUIRE(found.table.known_sums.size() == 1);
  const auto& known = found.table.known_sums[0];
  CHECK(known.within >= worst);
  CHECK(known.within <= worst + 0.001);
  CHECK(known.within >= 1.25);
  CHECK(known.note.find("the worst of 4 layers") != std::string::npos);
  for (const auto& t : found.terms) {
    const auto* p = found.table.find(t.term.component, t.term.component, t.term.actions[0]);
    REQUIRE(p != nullptr);
    CHECK(p->source == known.source);
    CHECK(p->within.value() == Approx(std::pow(t.term.factor, t.remaining)).margin(0.001));
    CHECK(*p->within <= t.term.factor + 0.001);  // powers tell something, never less than nothing
  }
}

TEST_CASE("prices and powers twice as large give energies twice as large", "[unit][energy]") {
  const auto twice = [](EnergyTable t) {
    for (auto& p : t.prices) p.energy = p.energy * 2.0;
    return t;
  };
  auto c = read(kHead + powers({500, 400, 300, 350}, ", width: 5 mW") + kTerms);
  const auto one = calibrate(c, shipped(), test::eyeriss(), layers());
  for (auto& p : c.powers) {
    p.power.mw *= 2;
    p.width->mw *= 2;
  }
  for (auto& t : c.terms) t.prior = t.prior * 2.0;
  const auto two = calibrate(c, twice(shipped()), test::eyeriss(), layers());
  for (std::size_t i = 0; i < one.terms.size(); ++i)
    CHECK(two.terms[i].fitted.count() == Approx(2 * one.terms[i].fitted.count()).epsilon(1e-6));
}

TEST_CASE("terms replace the base table's prices, and clock, leakage and control its static", "[unit][energy]") {
  const auto c = read(kHead + powers({1}, ", width: 1 mW") + kTerms);
  const auto table = with_terms(shipped(), c, {1, 2, 3, 4, 5});
  CHECK(table.name == "fitted");
  CHECK(table.prices.size() == shipped().prices.size() + 2);  // static goes, clock, leakage and control come
  CHECK(table.find("pe_array", "array", Priced::Static) == nullptr);
  CHECK(table.find("glb", "sram", Priced::Read)->energy.count() == 5);
  CHECK(table.find("glb", "sram", Priced::Fill)->energy.count() == 15);  // no term's
  const auto* mac = table.find("mac", "mac", Priced::Mac);
  CHECK(mac->energy.count() == 4);
  CHECK(mac->confidence == Confidence::Derived);
  CHECK(mac->source == "calibrated on a of a test");
  CHECK(mac->note == "prior 2 pJ within x4, s (assumed); now x2.000");
  auto text = table;
  const auto again =
      read_energy_table(YamlDocument::from_text(write_yaml([&](Fields& f) { describe(f, text); }), "again.yaml"));
  CHECK(again.prices.size() == table.prices.size());
}

TEST_CASE("without gating a zero costs what any other word costs", "[unit][energy]") {
  const auto all = without_gating(layers()[2].counts, test::eyeriss());
  CHECK(all.words("mac", Operand::Output, Action::GatedMac).count() == 0);
  CHECK(all.words("mac", Operand::Output, Action::Mac).count() == 110000);
  CHECK(all.words("filter_spad", Operand::Weight, Action::Read).count() == 110000);
  CHECK(all.words("psum_spad", Operand::Output, Action::Read).count() == 110000);
  CHECK(all.words("psum_spad", Operand::Output, Action::Write).count() == 110000);
  CHECK(all.words("ifmap_spad", Operand::Input, Action::Read).count() == 110000);  // as before
  CHECK(all.words("glb", Operand::Input, Action::Read).count() == 1000);
}

TEST_CASE("shares, gating and ratios beside what was published", "[unit][energy]") {
  auto c = read(kHead + powers({500, 400, 300, 350}, ", width: 5 mW") +
                "shares:\n- {what: PEs, of: [array, mac, spad], percent: 77, source: s}\n"
                "- {what: time, of: [clock, leakage, control], layer: b, percent: 40, at_most: true, source: s}\n"
                "- {what: macs, of: [mac], in: [mac, glb], percent: 40, source: s}\n"
                "zero_gating: {layer: c, percent: 45, source: s}\n"
                "ratios:\n- {what: r, of: buffer, to: mac, published: 6, source: s}\n" +
                kTerms);
  const auto a = test::eyeriss();
  const auto counted = layers();
  const auto found = calibrate(c, shipped(), a, counted);
  REQUIRE(found.figures.size() == 5);
  double pe = 0, on_chip = 0, mac = 0, glb = 0;
  for (const auto& l : counted) {
    const auto report = price(l.counts, l.time, a, found.table);
    on_chip += report.on_chip().count();
    for (const auto& [name, energy] : report.by_component()) {
      if (name != "dram" && name != "glb" && name != "psum_link" && name != "chip") pe += energy.count();
      if (name == "mac") mac += energy.count();
      if (name == "glb") glb += energy.count();
    }
  }
  CHECK(found.figures[0].ours == Approx(100 * pe / on_chip));
  CHECK(found.figures[2].ours == Approx(100 * mac / (mac + glb)));
  const auto b = price(counted[1].counts, counted[1].time, a, found.table);
  double time = 0;
  for (const auto& [name, energy] : b.by_tensor())
    if (name == "clock" || name == "leakage" || name == "control") time += energy.count();
  CHECK(found.figures[1].ours == Approx(100 * time / b.on_chip().count()));
  CHECK(found.figures[1].at_most);
  const double slot = found.terms[3].fitted.count() + 3 - 2.3;  // multiply, one read and two psum accesses, not gated
  CHECK(found.figures[3].ours == Approx(100 * 90000 * slot / (90000 * slot + [&] {
                                          double sum = 0;
                                          for (const auto& [name, energy] :
                                               price(counted[2].counts, counted[2].time, a, found.table).by_component())
                                            if (name == "mac" || name == "pe_array" || name.ends_with("spad"))
                                              sum += energy.count();
                                          return sum;
                                        }())));
  CHECK(found.figures[4].ours == Approx(found.terms[4].fitted / found.terms[3].fitted));
}

TEST_CASE("a published share with a width is fitted", "[unit][energy]") {
  const auto text = [](const std::string& width) {
    return kHead + powers({500}, ", width: 5 mW") + "shares:\n- {what: arithmetic, of: [mac], percent: 30, source: s" +
           width + "}\n" + kTerms;
  };
  const std::vector<CountedLayer> one{layers()[0]};
  const auto free = calibrate(read(text("")), shipped(), test::eyeriss(), one);
  const auto held = calibrate(read(text(", width: 0.1")), shipped(), test::eyeriss(), one);
  CHECK(std::abs(free.figures[0].ours - 30) > 2);
  CHECK(held.figures[0].ours == Approx(30).margin(0.3));
  CHECK(held.figures[0].fitted);
  CHECK(held.figures_met());
}

TEST_CASE("a fitted figure that cannot be met is no success", "[unit][energy]") {
  const auto text = kHead + powers({500}, ", width: 5 mW") +
                    "shares:\n- {what: arithmetic, of: [mac], percent: 99, source: s, width: 0.1}\n" + kTerms;
  const auto c = calibrate(read(text), shipped(), test::eyeriss(), {layers()[0]});
  CHECK(std::abs(c.figures[0].ours - 99) > 0.3);
  CHECK_FALSE(c.figures_met());
  CHECK_FALSE(c.ok());
}

TEST_CASE("a limit is not fitted", "[unit][energy][bad_input]") {
  const auto text = kHead + powers({500}, ", width: 5 mW") +
                    "shares:\n- {what: arithmetic, of: [mac], percent: 10, at_most: true, width: 1, source: s}\n" +
                    kTerms;
  CHECK(test::errors_of([&] { read(text); }) ==
        "c.yaml:10:3: error: arithmetic is a limit, and a fit would pull the share up to it; leave `width` out");
}

TEST_CASE("a term that nothing pays, and a share of nothing, are errors", "[unit][energy]") {
  const auto fit_of = [](const std::string& text) {
    return test::errors_of([&] { calibrate(read(text), shipped(), test::eyeriss(), {layers()[0]}); });
  };
  const auto head = kHead + powers({500}, ", width: 5 mW");
  CHECK(fit_of(head + kTerms +
               "- {name: coder, component: rlc, actions: [encode], prior: 1 pJ, factor: 2, source: s, "
               "confidence: assumed}\n") ==
        "c.yaml:15:3: error: no layer pays coder; a term is of actions that the run counts, and of no component whose "
        "own price comes first");
  CHECK(fit_of(head + "shares:\n- {what: x, of: [rugs], percent: 3, source: s}\n" + kTerms)
            .find("c.yaml:10:3: error: x: nothing on the chip that costs energy is called rugs") == 0);
  auto some = kTerms;
  some.replace(some.find("actions: [control]"), 18, "actions: [clock]  ");
  some.replace(some.find("component: array, actions: [clock]  "), 16, "component: chip ");
  some.replace(some.find("per: slot"), 9, "per: cycle");
  CHECK(fit_of(head + some)
            .find("fitted has no price for control of chip or array; add one; 0 pJ if another figure "
                  "holds it, with a note that says which") != std::string::npos);
}

TEST_CASE("all that is wrong in a calibration is said at once", "[unit][energy][bad_input]") {
  const auto errors = [](const std::string& text) { return test::errors_of([&] { read(text); }); };
  const auto all = errors(kHead +
                          "powers:\n- {layer: a, power: 5 mW}\n- {layer: a, power: 6 mW}\n"
                          "zero_gating: {layer: b, percent: 45, source: s}\n"
                          "shares:\n- {what: none, of: [], layer: aa, percent: 4, source: s}\n"
                          "ratios:\n- {what: r, of: mack, to: mac, published: 2, source: s}\n"
                          "terms:\n"
                          "- {name: mac, component: mac, actions: [mac], prior: 1 pJ, factor: 2, source: s, "
                          "confidence: assumed}\n"
                          "- {name: mac, component: mac, actions: [mac], per: slot, prior: 1 pJ, factor: 2, source: "
                          "\"\", confidence: assumed}\n"
                          "- {name: none, component: dram, actions: [], prior: 1 pJ, factor: 2, source: s, "
                          "confidence: assumed}\n"
                          "- {name: old, component: array, actions: [static], per: cycle, prior: 1 pJ, factor: 2, "
                          "source: s, confidence: assumed}\n");
  for (const char* wrong :
       {"c.yaml:1:1: error: t has no power to fit; give at least one of `powers` a width",
        "c.yaml:9:3: error: a is measured twice; keep one of the two", "c.yaml:10:14: error: b has no measured power",
        "c.yaml:12:3: error: none is a share of nothing; name a component",
        "c.yaml:12:3: error: aa has no measured power; did you mean a?",
        "c.yaml:14:3: error: there is no term called mack; did you mean mac?",
        "c.yaml:17:3: error: there are two terms called mac; names tell terms apart",
        "c.yaml:17:3: error: the prior of mac has no source", "c.yaml:17:3: error: mac of mac is in two terms",
        "c.yaml:17:3: error: mac is priced per slot; it costs a word or a bit",
        "c.yaml:18:3: error: none is the energy of no action; name one",
        "c.yaml:18:3: error: none is an energy of DRAM; the powers are the chip's alone",
        "c.yaml:19:3: error: old fits static; fit clock, leakage and control apart"}) {
    CAPTURE(wrong, all);
    CHECK(all.find(wrong) != std::string::npos);
  }
  CHECK(errors("kind: experiment\nname: t\nexperiment: e\nbase: b\ntable: t\nsource: s\n" +
               powers({1}, ", width: 1 mW") + kTerms)
            .find("kind is experiment, and a calibration was wanted") != std::string::npos);
  const auto ranges =
      errors(kHead + powers({0}, ", width: 0 mW") + "tolerance: {layer_percent: 0, average_percent: 101}\n" +
             "terms:\n- {name: mac, component: mac, actions: [mak], prior: 0 pJ, factor: 1, source: s, "
             "confidence: assumed}\n");
  for (const char* wrong : {"power is 0.000000 mW; it must be more than 0 mW", "width is 0 mW", "layer_percent is 0",
                            "average_percent is 101", "did you mean mac?", "prior is 0 pJ", "factor is 1"}) {
    CAPTURE(wrong, ranges);
    CHECK(ranges.find(wrong) != std::string::npos);
  }
}
