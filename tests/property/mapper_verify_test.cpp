// Does the checker believe what is true, and nothing else?

#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"
#include "energy/price.hpp"
#include "mapper/brute_force.hpp"
#include "mapper/verify.hpp"
#include "tests/support/random_spaces.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

using enum Dim;

/// One question about one random space, and what the search answers.
struct Asked {
  Asked(std::uint64_t seed, Objective objective) : space{seed} {
    question = {.objective = objective, .cycle_limit = {}, .space = space.space, .keep = 1};
    answer = searched();
  }
  [[nodiscard]] MapAnswer searched() const {
    return search_mapping(space.layer, space.machine, space.flow, space.facts, space.pricing, question);
  }
  [[nodiscard]] Verification verified(const MapAnswer& claimed, std::int64_t brute_force_up_to = 0) const {
    return verify_mapping(space.layer, space.machine, space.flow, space.facts, space.pricing, question, claimed,
                          {.brute_force_up_to = brute_force_up_to, .go_on = {}});
  }

  test::RandomSpace space;
  MapQuestion question;
  MapAnswer answer;
};

std::string all_of(const std::vector<std::string>& findings) {
  std::string text;
  for (const auto& f : findings) text += f + "\n";
  return text;
}

std::string findings(const Verification& v) { return all_of(v.findings); }

bool mentions(const Verification& v, const std::string& words) {
  return !v.holds && findings(v).find(words) != std::string::npos;
}

constexpr std::array kObjectives{Objective::Energy, Objective::Cycles, Objective::Edp, Objective::Front};

}  // namespace

TEST_CASE("brute force and a replay of the bounds both agree with the search", "[property][mapper]") {
  int by_force = 0, none = 0;
  std::int64_t examined = 0;
  for (std::uint64_t seed = 0; seed < 2500 && by_force < 250; ++seed)
    for (Objective objective : kObjectives) {
      Asked asked{seed, objective};
      const auto force = asked.verified(asked.answer, 1500);
      if (force.method != "brute force") break;
      const auto replay = asked.verified(asked.answer);
      INFO("seed " << seed << ", " << asked.space.text() << ", " << name_of(objective));
      CHECK(findings(force) == "");
      CHECK(findings(replay) == "");
      by_force += objective == Objective::Front ? 1 : 0;
      none += asked.answer.best.empty() ? 1 : 0;
      examined += replay.examined;
    }
  CHECK(by_force >= 250);
  CHECK(none > 5);
  CHECK(examined > 500);
}

TEST_CASE("a lower bound is believed up to the best score that brute force finds, and not beyond",
          "[property][mapper]") {
  int spaces = 0;
  for (std::uint64_t seed = 0; seed < 2500 && spaces < 250; ++seed) {
    const test::RandomSpace s{seed};
    const auto all = exhaust(s.layer, s.machine, s.flow, s.facts, s.pricing, s.space, 3, 1500);
    if (!all || all->mappings == 0) continue;
    ++spaces;
    INFO("seed " << seed << ", " << s.text());
    const auto holds = [&](Objective objective, double bound) {
      MapAnswer stopped;
      stopped.proof.complete = false;
      stopped.proof.lower_bound = bound;
      return verify_mapping(s.layer, s.machine, s.flow, s.facts, s.pricing,
                            {.objective = objective, .cycle_limit = {}, .space = s.space}, stopped,
                            {.brute_force_up_to = 0, .go_on = {}})
          .holds;
    };
    for (auto [objective, best] : {std::pair{Objective::Energy, all->best_energy},
                                   {Objective::Cycles, all->best_cycles},
                                   {Objective::Edp, all->best_edp}}) {
      CHECK(holds(objective, best));
      CHECK_FALSE(holds(objective, best * (1 + 1e-6)));
    }
  }
  CHECK(spaces == 250);
}

TEST_CASE("a replay believes the search where brute force would take too long, cycle limits included",
          "[property][mapper]") {
  int replayed = 0;
  for (std::uint64_t seed = 10000; seed < 10400; ++seed) {
    Asked asked{seed, kObjectives[seed % 4]};
    INFO("seed " << seed << ", " << asked.space.text() << ", " << name_of(asked.question.objective));
    if (seed % 3 == 0) {
      const auto fast =
          search_mapping(asked.space.layer, asked.space.machine, asked.space.flow, asked.space.facts,
                         asked.space.pricing, {.objective = Objective::Cycles, .space = asked.space.space});
      if (!fast.best.empty())
        asked.question.cycle_limit = fast.best[0].cost.cycles + Cycles{static_cast<std::int64_t>(seed % 7)};
      asked.answer = asked.searched();
    }
    const auto v = asked.verified(asked.answer);
    CHECK(findings(v) == "");
    replayed += asked.answer.best.empty() ? 0 : 1;
  }
  CHECK(replayed > 200);
}

TEST_CASE("lies are caught", "[property][mapper]") {
  int worse = 0, fronts = 0;
  for (std::uint64_t seed = 20000; seed < 20120; ++seed) {
    INFO("seed " << seed);
    Asked asked{seed, seed % 2 == 0 ? Objective::Energy : Objective::Edp};
    if (asked.answer.best.empty()) continue;
    const auto lie = [&](auto change) {
      auto claimed = asked.answer;
      change(claimed);
      return asked.verified(claimed);
    };
    CHECK(asked.verified(asked.answer).holds);

    CHECK(mentions(lie([](MapAnswer& m) { m.best[0].cost.energy = m.best[0].cost.energy * 0.9; }), "mapping 1 costs"));
    CHECK(mentions(lie([](MapAnswer& m) { m.best[0].cost.cycles -= Cycles{1}; }), "mapping 1 costs"));
    CHECK(mentions(lie([](MapAnswer& m) { m.best[0].score *= 1.01; }), "mapping 1 scores"));
    CHECK(mentions(lie([](MapAnswer& m) { m.best[0].mapping.nest.pop_back(); }), "mapping 1 is not legal"));
    CHECK(mentions(lie([](MapAnswer& m) { m.best.clear(); }), "is better"));
    CHECK(mentions(lie([](MapAnswer& m) { m.proof.lower_bound *= 1.01; }), "the lower bound"));

    auto question = asked.question;
    asked.question.keep = 2;
    const auto two = asked.searched();
    asked.question = question;
    if (two.best.size() == 2 && two.best[1].score > two.best[0].score * (1 + 1e-6)) {
      ++worse;
      CHECK(mentions(lie([&](MapAnswer& m) {
                       m.best = {two.best[1]};
                       m.proof.lower_bound = two.best[1].score;
                     }),
                     "is better"));
      CHECK(mentions(lie([&](MapAnswer& m) { m.best = {two.best[1], two.best[0]}; }), "comes before"));
      // Stopped after the second best was found: the bound may be the best's score and no more.
      const auto stopped = [&](double bound) {
        return lie([&](MapAnswer& m) {
          m.best = {two.best[1]};
          m.proof.complete = false;
          m.proof.lower_bound = bound;
        });
      };
      CHECK(stopped(two.best[0].score).holds);
      CHECK(mentions(stopped(two.best[0].score * (1 + 1e-6)), "is better"));
    }
    asked.question.objective = Objective::Front;
    const auto front = asked.searched();
    if (front.best.size() < 2) continue;
    ++fronts;
    for (std::size_t i = 0; i < front.best.size(); ++i) {
      auto claimed = front;
      claimed.best.erase(claimed.best.begin() + static_cast<std::ptrdiff_t>(i));
      CHECK(mentions(asked.verified(claimed), "is better"));
      CHECK(mentions(asked.verified(claimed, 4000), "is better"));
    }
    if (two.best.size() == 2 && two.best[1].cost.cycles >= two.best[0].cost.cycles) {
      auto claimed = front;
      claimed.best.insert(claimed.best.begin() + 1, two.best[1]);
      for (auto& c : claimed.best) c.score = c.cost.energy.count();
      std::ranges::stable_sort(claimed.best, {}, &MapCandidate::score);
      CHECK(mentions(asked.verified(claimed), "is beaten by"));
    }
  }
  CHECK(worse > 20);
  CHECK(fronts > 10);
}

TEST_CASE("the best mapping of AlexNet CONV5 on Eyeriss v1 is the best", "[property][mapper]") {
  LayerNest l;
  for (auto [d, n] : {std::pair{G, 2}, {N, 4}, {M, 128}, {C, 192}, {P, 13}, {Q, 13}, {R, 3}, {S, 3}}) l.extent[d] = n;
  const auto a = test::eyeriss();
  const auto flow = read_dataflow(YamlDocument::from_file(test::source("configs/dataflows/row_stationary.yaml")));
  const auto table = read_energy_table(YamlDocument::from_file(test::source("configs/technologies/eyeriss_65nm.yaml")));
  const Pricing pricing = [&](const ActionCounts& counts, Cycles cycles) {
    return unrounded_energy(counts, cycles, a, table);
  };
  const DataFacts facts{.reads_network_input = false, .coded_input = 0.75};
  const auto objective = GENERATE(Objective::Energy, Objective::Cycles, Objective::Edp);
  const MapQuestion question{.objective = objective};
  auto answer = search_mapping(l, a, flow, facts, pricing, question);
  REQUIRE(answer.best.size() == 1);
  const auto v = verify_mapping(l, a, flow, facts, pricing, question, answer);
  CHECK(findings(v) == "");
  CHECK(v.method == "replay of the bounds");
  CHECK(v.inner > 100000);
  CHECK(v.examined > 1000);

  answer.proof.complete = false;
  CHECK(verify_mapping(l, a, flow, facts, pricing, question, answer).holds);
  const auto stopped = verify_mapping(l, a, flow, facts, pricing, question, answer, {.go_on = [] { return false; }});
  CHECK(mentions(stopped, "stopped after"));
}

// Cut as far out as it can be, a window may not slide; further in, inside a loop over other ifmap words, it does and
// brings fewer of them, if the tiles that it then goes through whole fit.
TEST_CASE("the search lets a window slide inside other loops, as brute force and the replay do", "[property][mapper]") {
  const auto [seed, objective] = GENERATE(table<std::uint64_t, Objective>(
      {{40492, Objective::Energy}, {34883, Objective::Front}, {37747, Objective::Front}}));
  Asked asked{seed, objective};
  INFO("seed " << seed << ", " << asked.space.text());
  const auto force = asked.verified(asked.answer, 1000000), replay = asked.verified(asked.answer);
  CHECK(force.method == "brute force");
  CHECK(force.holds == replay.holds);
  CHECK(findings(replay) == "");
}
