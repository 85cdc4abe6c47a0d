#include "explore/study/search.hpp"

#include <cmath>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>

namespace eyrie {

namespace {

constexpr double kFailed = 1e30;  ///< of a choice without figures: any other is better

/// The space as pagmo wants it: without parameters of one value. What it throws crosses the library.
struct Problem {
  const std::vector<std::size_t>* sizes = nullptr;
  std::vector<std::size_t> varied;  ///< parameters with several values
  std::size_t objectives = 2;
  const EvaluateBatch* evaluate = nullptr;

  [[nodiscard]] std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
    pagmo::vector_double least, most;
    for (const auto i : varied) {
      least.push_back(0);
      most.push_back(static_cast<double>((*sizes)[i]) - 1);
    }
    return {least, most};
  }
  [[nodiscard]] pagmo::vector_double::size_type get_nobj() const { return objectives; }
  [[nodiscard]] pagmo::vector_double::size_type get_nix() const { return varied.size(); }
  [[nodiscard]] pagmo::vector_double fitness(const pagmo::vector_double& x) const { return batch_fitness(x); }
  [[nodiscard]] pagmo::vector_double batch_fitness(const pagmo::vector_double& all) const {
    std::vector<Choice> choices;
    for (std::size_t at = 0; at < all.size(); at += varied.size()) {
      choices.emplace_back(sizes->size());
      for (std::size_t i = 0; i < varied.size(); ++i)
        choices.back()[varied[i]] = static_cast<std::size_t>(std::llround(all[at + i]));
    }
    pagmo::vector_double figures;
    for (const auto& o : (*evaluate)(choices))
      for (std::size_t i = 0; i < objectives; ++i) figures.push_back(o.empty() ? kFailed : o[i]);
    return figures;
  }
};

}  // namespace

void nsga2_search(const std::vector<std::size_t>& sizes, std::size_t objectives, const SearchSettings& settings,
                  const EvaluateBatch& evaluate) {
  std::vector<std::size_t> varied;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] > 1) varied.push_back(i);
  if (varied.empty()) {
    (void)evaluate({Choice(sizes.size())});
    return;
  }
  const auto seed = static_cast<unsigned>(settings.seed);
  const pagmo::problem problem{Problem{&sizes, varied, objectives, &evaluate}};
  pagmo::population population{problem, pagmo::bfe{[](const pagmo::problem& p, const pagmo::vector_double& all) {
                                 return p.batch_fitness(all);
                               }},
                               static_cast<pagmo::population::size_type>(settings.population), seed};
  pagmo::nsga2 algorithm{static_cast<unsigned>(settings.generations),
                         0.95,
                         10.,
                         1.0 / static_cast<double>(std::max<std::size_t>(2, varied.size())),
                         50.,
                         seed};
  algorithm.set_bfe(
      pagmo::bfe{[](const pagmo::problem& p, const pagmo::vector_double& all) { return p.batch_fitness(all); }});
  (void)algorithm.evolve(population);
}

}  // namespace eyrie
