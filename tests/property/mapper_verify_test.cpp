// Does the checker believe what is true, and nothing else?

#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"
#include "energy/price.hpp"
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
