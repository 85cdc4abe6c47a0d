#include "app/study/slurm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "app/machine_run.hpp"

namespace eyrie {

namespace {

constexpr std::int64_t kPointsOfTask = 200, kMostTasks = 1000;

/// A value of an option as sbatch reads it in a script: of a file's name, where % begins what sbatch replaces.
std::string file_value(const std::string& path) {
  std::string text;
  for (const char c : path) text += c == '%' ? std::string("%%") : std::string(1, c);
  return text;
}

/// A name of a job: what squeue shows in one word.
std::string job_name(std::string name) {
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.') c = '_';
  return name;
}

std::string head(const SlurmRequest& r, const std::string& step, bool array, std::int64_t shards) {
  auto text = fmt::format("#!/bin/bash\n#SBATCH --job-name=eyrie-{}-{}\n", job_name(r.name), step);
  if (array) text += fmt::format("#SBATCH --array=1-{}\n#SBATCH --cpus-per-task={}\n", shards, r.jobs);
  if (array && r.memory_mb > 0) text += fmt::format("#SBATCH --mem={}M\n", r.memory_mb);
  text += "#SBATCH --requeue\n#SBATCH --open-mode=append\n";
  text += fmt::format("#SBATCH --output=\"{}/slurm/{}{}.log\"\n", file_value(r.out), step, array ? "-%a" : "");
  for (const auto& o : r.options) text += fmt::format("#SBATCH {}\n", o);
  return text;
}

SlurmScript shards_script(const SlurmRequest& r, const std::string& name, const std::string& stage,
                          std::int64_t shards) {
  auto text = head(r, stage, true, shards);
  text += fmt::format("exec {} explore {} --out {} --stage {} --shard \"$SLURM_ARRAY_TASK_ID/{}\" --jobs {} --quiet",
                      quoted(r.program), quoted(r.study), quoted(r.out), stage, shards, r.jobs);
  if (r.memory_mb > 0) text += fmt::format(" --memory {}", r.memory_mb);
  if (r.retry) text += " --retry";
  for (const auto& o : r.overrides) text += " --set " + quoted(o);
  return {name, text + "\n"};
}

SlurmScript merge_script(const SlurmRequest& r, const std::string& name, const std::string& step, bool closed_only) {
  return {name, head(r, step, false, 0) + fmt::format("exec {} explore merge {}{}\n", quoted(r.program), quoted(r.out),
                                                      closed_only ? " --stage closed" : "")};
}

}  // namespace

std::int64_t shards_for(std::int64_t points) {
  return std::clamp<std::int64_t>((points + kPointsOfTask - 1) / kPointsOfTask, 1, kMostTasks);
}

std::vector<SlurmScript> slurm_scripts(const SlurmRequest& r) {
  const auto shards = r.shards > 0 ? r.shards : shards_for(r.points);
  std::vector<SlurmScript> all{shards_script(r, "1-closed.sh", "closed", shards),
                               merge_script(r, "2-merge.sh", "merge", true)};
  if (r.simulates) {
    all.push_back(shards_script(r, "3-simulate.sh", "simulated", shards));
    all.push_back(merge_script(r, "4-merge.sh", "finish", false));
  }
  // A merge runs whatever became of the shards, and says what is missing; what needs all of them waits for its success.
  std::string submit = "#!/bin/bash\nset -euo pipefail\ncd \"$(dirname \"$0\")\"\nbefore=\n";
  for (const auto& s : all) {
    const bool after_success = s.name == "3-simulate.sh";
    submit += fmt::format(
        "before=$(sbatch --parsable ${{before:+--dependency={}:$before --kill-on-invalid-dep=yes}} {})\n"
        "before=${{before%%;*}}\necho \"{}: job $before\"\n",
        after_success ? "afterok" : "afterany", s.name, s.name);
  }
  all.push_back({"submit.sh", submit});
  return all;
}

}  // namespace eyrie
