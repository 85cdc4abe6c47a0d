#pragma once

// A study as jobs of Slurm: an array of shards in closed form, a merge, an array of shards that simulate, a merge.
// Slurm schedules, requeues what a node loses, and keeps the order; Eyrie writes scripts.

#include <cstdint>
#include <string>
#include <vector>

namespace eyrie {

struct SlurmRequest {
  std::string program, study, out;  ///< paths
  std::string name;                 ///< of the study
  std::vector<std::string> overrides;
  std::vector<std::string> options;  ///< of sbatch, for all jobs: --partition=..., --time=...
  std::int64_t points = 0;           ///< of the study, in closed form
  std::int64_t shards = 0;           ///< tasks of an array; 0: as many as `points` makes worth while
  unsigned jobs = 1;                 ///< processes, and CPUs, of a task
  std::int64_t memory_mb = 0;        ///< of a task; 0: the cluster's default
  bool retry = false, simulates = true;
};

/// Tasks of an array for so many points. A task takes about a second to start, so that one is worth minutes of work:
/// 200 points; an array has at most 1,000 tasks, as Slurm is shipped.
std::int64_t shards_for(std::int64_t points);

/// A script and its name.
struct SlurmScript {
  std::string name, text;
};
/// All scripts of a study, in their order; the last one, submit.sh, submits the others and prints their job numbers.
std::vector<SlurmScript> slurm_scripts(const SlurmRequest&);

}  // namespace eyrie
