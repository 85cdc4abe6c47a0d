#include "explore/study/sampling.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/random.hpp"

namespace eyrie {

namespace {

constexpr std::size_t kTries = 1000;  ///< draws for each choice that is wanted
constexpr double kSmallSpace = 1e6;   ///< combinations that can be gone through one by one

/// Next in the order of the grid; false after the last.
bool advance(Choice& c, const std::vector<std::size_t>& sizes) {
  for (std::size_t i = c.size(); i-- > 0;) {
    if (++c[i] < sizes[i]) return true;
    c[i] = 0;
  }
  return false;
}

/// One hypercube of `count` choices: the strata of each parameter in an order of its own.
std::vector<Choice> hypercube(const std::vector<std::size_t>& sizes, std::size_t count, Random& random) {
  std::vector<Choice> all(count, Choice(sizes.size()));
  std::vector<std::size_t> stratum(count);
  for (std::size_t p = 0; p < sizes.size(); ++p) {
    for (std::size_t i = 0; i < count; ++i) stratum[i] = i;
    for (std::size_t i = count; i-- > 1;)
      std::swap(stratum[i], stratum[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(i)))]);
    const double within = random.unit();  // the same of all strata, so that no value has one too many or too few
    for (std::size_t i = 0; i < count; ++i) {
      const double at = (static_cast<double>(stratum[i]) + within) / static_cast<double>(count);
      all[i][p] = std::min(sizes[p] - 1, static_cast<std::size_t>(at * static_cast<double>(sizes[p])));
    }
  }
  return all;
}

/// What drawing has missed of a small space, each equally likely, until there are `count`.
void complete(std::vector<Choice>& all, const std::set<Choice>& met, const std::vector<std::size_t>& sizes,
              std::size_t count, Random& random, const Allowed& allowed) {
  double combinations = 1;
  for (const auto n : sizes) combinations *= static_cast<double>(n);
  if (all.size() >= count || combinations > kSmallSpace) return;
  auto rest = full_grid(sizes, [&](const Choice& c) { return !met.contains(c) && allowed(c); });
  while (all.size() < count && !rest.empty()) {
    std::swap(rest[static_cast<std::size_t>(random.between(0, std::ssize(rest) - 1))], rest.back());
    all.push_back(std::move(rest.back()));
    rest.pop_back();
  }
}

}  // namespace

std::vector<Choice> full_grid(const std::vector<std::size_t>& sizes, const Allowed& allowed) {
  std::vector<Choice> all;
  Choice c(sizes.size());
  do {
    if (allowed(c)) all.push_back(c);
  } while (advance(c, sizes));
  return all;
}

std::vector<Choice> random_choices(const std::vector<std::size_t>& sizes, std::size_t count, std::int64_t seed,
                                   const Allowed& allowed) {
  Random random{static_cast<std::uint64_t>(seed), "study random"};
  std::set<Choice> met;
  std::vector<Choice> all;
  for (std::size_t tries = 0; all.size() < count && tries < kTries * count; ++tries) {
    Choice c(sizes.size());
    for (std::size_t i = 0; i < c.size(); ++i)
      c[i] = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(sizes[i]) - 1));
    if (met.insert(c).second && allowed(c)) all.push_back(std::move(c));
  }
  complete(all, met, sizes, count, random, allowed);
  return all;
}

std::vector<Choice> latin_hypercube(const std::vector<std::size_t>& sizes, std::size_t count, std::int64_t seed,
                                    const Allowed& allowed) {
  Random random{static_cast<std::uint64_t>(seed), "study latin_hypercube"};
  std::set<Choice> met;
  std::vector<Choice> all;
  for (std::size_t rounds = 0; all.size() < count && rounds < kTries; ++rounds)
    for (auto& c : hypercube(sizes, count, random))
      if (all.size() < count && met.insert(c).second && allowed(c)) all.push_back(std::move(c));
  complete(all, met, sizes, count, random, allowed);
  return all;
}

}  // namespace eyrie
