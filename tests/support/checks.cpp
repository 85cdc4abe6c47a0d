#include "tests/support/checks.hpp"

#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"

namespace eyrie::test {

void require_legal(const Mapping& m, const LayerNest& l, const Architecture& a) {
  INFO(pretty(m, l));
  Diagnostics wrong;
  legality(m, l, a, {}, wrong);
  for (const auto& w : wrong.all()) FAIL(w.problem);
}

std::string words_of(const ActionCounts& counts) {
  std::string all;
  for (const auto& c : counts.rows())
    all += c.component + " " + std::string(name_of(c.tensor)) + " " + std::string(name_of(c.action)) + " " +
           std::to_string(c.words.count()) + "\n";
  return all;
}

}  // namespace eyrie::test
