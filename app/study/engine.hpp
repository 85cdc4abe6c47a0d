#pragma once

// Who computes points: processes of this machine, or ranks of an MPI job.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/catalogue.hpp"
#include "base/units.hpp"
#include "base/workers.hpp"
#include "explore/study/store.hpp"

namespace eyrie {

/// Deals tasks, which are texts, to workers, which answer with texts (app/study/work.hpp).
class Engine {
 public:
  virtual ~Engine() = default;
  /// Every task is given to a worker, in order, as workers become free; one whose worker dies is given out once more.
  /// `ended` is called here as each ends. `stop` is polled; when it turns true no more is dealt and what is under way
  /// is dropped.
  virtual void deal(const std::vector<std::string>& tasks, const std::function<void(TaskEnd)>& ended,
                    const std::function<bool()>& stop) = 0;
  /// The same, one task at a time, each with all the memory that there is: for those that had too little of it.
  virtual void deal_alone(const std::vector<std::string>& tasks, const std::function<void(TaskEnd)>& ended,
                          const std::function<bool()>& stop) = 0;
  /// How many tasks can be under way.
  [[nodiscard]] virtual unsigned workers() const = 0;
};

struct PointPlan;
struct PointTask;

/// Plans points (`plan_work`) on an engine: of each design its networks together. `each` is called as a design is
/// known. Nothing if it was stopped.
std::optional<std::vector<std::vector<PointPlan>>> plan_points(Engine&, const std::vector<std::vector<PointTask>>&,
                                                               const std::function<void()>& each,
                                                               const std::function<bool()>& stop);

/// A point to be computed, under the digest that it was planned with.
struct PointWork {
  std::string digest, work;  ///< `compute_work`
};

/// Computes points on an engine. `keep` gets each as it ends: one that had too little memory beside others after it was
/// tried alone, one whose worker died twice as `Crashed`. InputError if the files that a point is made of are not what
/// they were when it was planned.
void compute_points(Engine&, const std::vector<PointWork>&, const std::function<void(const StoredPoint&)>& keep,
                    const std::function<bool()>& stop);

/// What `eyrie explore` was asked.
struct ExploreRequest {
  std::string program, study, out, shard, stage = "all", engine = "local", format = "table";
  std::vector<std::string> arguments;  ///< the whole command line
  std::vector<std::string> overrides, stores, slurm_options;
  unsigned jobs = 1;
  std::int64_t memory_mb = 0, shards = 0;
  bool quiet = false, retry = false, submit = true;
};
/// Makes the engine that a request wants.
using MakeEngine = std::function<std::unique_ptr<Engine>(const ExploreRequest&, const Catalogue&)>;

/// Processes of this machine. `memory`: what all of them may take together; none: what there is.
std::unique_ptr<Engine> local_engine(unsigned jobs, std::optional<Bytes> memory, const Catalogue&);

}  // namespace eyrie
