#pragma once

// Do MACs or parameters say how long a layer takes? Cycles of layers against their sizes, why they disagree, and a
// piecewise linear model that says it better.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "explore/profile_tree.hpp"

namespace eyrie {

/// One layer that ran.
struct ProfiledLayer {
  std::string workload, layer;
  std::int64_t parameters = 0;  ///< filter words and biases
  Observation of;
  /// Shares of the PE-cycles (of the cycles, in closed form) that did no MAC, by the name of their cause.
  std::vector<std::pair<std::string, double>> lost;
  double utilization = 0;  ///< MACs over PE-cycles

  /// The largest share; none if nothing is lost.
  [[nodiscard]] std::pair<std::string, double> dominant() const;
};

/// Rank correlation of Spearman, ties with their mean rank: 1 where one rises with the other. 0 of fewer than two
/// values, or where one side is all alike. Source: Spearman, American Journal of Psychology 15 (1904).
double rank_correlation(const std::vector<double>&, const std::vector<double>&);

/// How far a layer's cycles are from what its MACs say.
struct Disagreement {
  std::size_t layer = 0;                              ///< number in `Profile::layers`
  double factor = 1;                                  ///< its cycles a MAC over the median layer's
  std::int64_t rank_by_cycles = 0, rank_by_macs = 0;  ///< 1: most
};

/// What was run, to be run again.
struct ProfiledRun {
  std::string command;                 ///< that gives the same again
  std::vector<std::string> workloads;  ///< names of the networks
  std::string title;                   ///< of the machine
  std::int64_t pes = 0;
  std::optional<std::int64_t> seed;  ///< that inputs were drawn from; none: there were none, or they were given
};

/// The answer.
struct Profile {
  std::string machine, fidelity;
  ProfiledRun run;
  std::vector<ProfiledLayer> layers;
  double cycles_by_macs = 0, cycles_by_parameters = 0;  ///< rank correlations
  std::vector<Disagreement> disagreements;              ///< of all layers, largest factor either way first
  std::size_t shapes = 0;                               ///< layers of different sizes, which the fits are made of
  LinearPiece by_macs;                                  ///< constant + MACs
  LinearPiece by_sizes;                                 ///< one piece of all sizes
  RegressionTree tree;
  double error_by_macs = 0, error_by_sizes = 0, error_of_tree = 0;  ///< mean relative, each layer left out in turn
};

/// Layers in the order of the runs; a layer without cycles or MACs is an error of the caller. Layers of the
/// same sizes count once in fits and errors, with their mean cycles, so that a repeated block does not predict itself.
Profile profile_of(std::string machine, std::string fidelity, std::vector<ProfiledLayer>, ProfiledRun = {});

/// What is said of correlations, fits and inputs, a line each.
std::vector<std::string> findings(const Profile&);

/// For a terminal: the `most` largest disagreements and the fits.
std::string to_table(const Profile&, std::size_t most = 12);
std::string to_markdown(const Profile&, std::size_t most = 12);
/// A row a layer.
std::string to_csv(const Profile&);
/// Schema eyrie.profile/1.
std::string to_json(const Profile&);
/// Cycles against MACs and against parameters, a point a layer, in logarithms; and against what the tree predicts.
std::string to_svg(const Profile&);
/// Picture and tables as one file.
std::string to_html(const Profile&);

}  // namespace eyrie
