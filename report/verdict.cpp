#include "report/verdict.hpp"

#include <fmt/format.h>

namespace eyrie {

/// Names of the layers on the machine for which something is true.
template <class Test>
static std::string layers_that(const ExperimentResult& r, Test test) {
  std::string all;
  for (const auto& l : r.layers)
    if (l.place == PlaceOf::Machine && test(l)) all += (all.empty() ? "" : ", ") + l.name;
  return all;
}

Verdict verdict_of(const ExperimentResult& r) {
  const auto stuck = layers_that(r, [](const LayerReport& l) { return l.deadlock.has_value(); });
  if (!stuck.empty())
    return {Standing::Stuck, fmt::format("Stopped making progress: {}. Its figures end where it stopped.", stuck)};
  if (r.totals.mismatches > 0) {
    const auto wrong = layers_that(r, [](const LayerReport& l) { return l.figures.mismatches > 0; });
    return {Standing::Differs,
            fmt::format("{} ofmap words differ from the reference, in {}.", r.totals.mismatches, wrong)};
  }
  if (layers_that(r, [](const LayerReport&) { return true; }).empty())
    return {Standing::NotCompared, "No layer ran on the machine."};
  const auto skipped = layers_that(r, [](const LayerReport& l) { return !l.figures.checked; });
  if (!skipped.empty()) return {Standing::NotCompared, fmt::format("Not compared with the reference: {}.", skipped)};
  return {Standing::Equal, "All ofmap words equal the reference, bit for bit."};
}

}  // namespace eyrie
