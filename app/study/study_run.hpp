#pragma once

// A study, run: every point that its store does not have is computed and put there.

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "app/study/engine.hpp"
#include "app/study/study_file.hpp"
#include "app/study/study_progress.hpp"
#include "explore/study/pareto.hpp"
#include "explore/study/store.hpp"
#include "explore/study/study_result.hpp"

namespace eyrie {

/// One of `of` equal parts of the designs, from 1. Which designs are in it follows from their numbers alone.
struct Shard {
  std::int64_t part = 1, of = 1;
  [[nodiscard]] bool whole() const { return of == 1; }
  [[nodiscard]] bool has(std::int64_t design) const { return (design - 1) % of == part - 1; }
};
/// "2/8". InputError at `--shard`.
Shard read_shard(const std::string&);

/// InputError at an option that asks for shards, if the study is a search.
void check_has_shards(const Study&, const char* option);

/// Designs to be simulated, and what their points are made of, by design and network: that of their closed form.
struct Simulations {
  std::vector<StoredDesign> designs;
  std::map<std::pair<std::int64_t, std::string>, std::string> inputs;
};

/// What `stop` said in the middle of a search.
struct StudyStopped {};

class StudyRun {
 public:
  StudyRun(const Study&, StudyStore&, Engine&, StudyProgress&, std::function<bool()> stop);

  /// All designs in closed form, or those of a shard; a search goes its way. False: stopped before the end. InputError
  /// for a shard of a search.
  bool closed(const Shard& = {});
  /// Simulates designs (`to_simulate`), or those of a shard. False: stopped before the end. InputError if files have
  /// changed since the closed form was computed.
  bool simulated(const Simulations&, const Shard& = {});

 private:
  struct Numbered {
    std::int64_t number;
    Design design;
  };
  /// A point of the plan, and how it is asked for.
  struct PlannedTask {
    PlannedPoint point;
    PointTask task;
  };
  std::optional<std::vector<PlannedTask>> plan(const std::vector<Numbered>&, PointFidelity);
  bool compute(const std::vector<PlannedTask>&, PointFidelity);
  bool points_of(const std::vector<Numbered>&, PointFidelity);
  bool search();
  [[nodiscard]] Objectives objectives_of(std::int64_t number, const Design&) const;
  const Study& study_;
  StudyStore& store_;
  Engine& engine_;
  StudyProgress& progress_;
  std::function<bool()> stop_;
  std::map<std::int64_t, std::vector<std::string>> digests_;  ///< of what was planned last, by design and network
};

/// Begins the study in a store. Designs and plans of before are forgotten, for files may have changed; points stay.
void claim(StudyStore&, const Study&);
/// InputError if a store is of another study.
void check_is_of(const StudyStore&, const Study&);
/// The study that a store is of, read anew.
Study study_of(const StudyStore&, const Catalogue&);

/// All that a store knows of a study, ranked.
StudyResult result_of(const Study&, const StudyStore&);
/// Designs that the study wants simulated: the closed form's front, and a sample of the others.
Simulations to_simulate(const Study&, const StudyStore&);

/// The plans of a store without simulations of what its closed form is no longer of.
std::vector<PlannedPoint> current_plans(const StudyStore&);

/// How far a store is.
struct StudyState {
  std::int64_t designs = 0, all_designs = 0;  ///< planned; of all, 0 if a search does not know
  std::int64_t closed = 0, all_closed = 0, simulated = 0, all_simulated = 0;  ///< points; `all_simulated` once known
  std::map<PointStatus, std::int64_t> points;                                 ///< of the plan
  bool searched = true;                                                       ///< a search has come to its end
  [[nodiscard]] bool closed_complete() const { return searched && designs >= all_designs && closed == all_closed; }
  [[nodiscard]] bool complete() const { return closed_complete() && simulated == all_simulated; }
};
StudyState state_of(const Study&, const StudyStore&);

}  // namespace eyrie
