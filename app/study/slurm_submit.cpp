#include "app/study/slurm_submit.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "app/machine_run.hpp"
#include "app/study/slurm.hpp"
#include "app/study/study_run.hpp"
#include "base/output_file.hpp"

namespace eyrie {

namespace fs = std::filesystem;

int submit_to_slurm(const ExploreRequest& request, const Study& study, const std::string& file) {
  check_has_shards(study, "--engine");
  const auto whole = [](const std::string& path) { return fs::absolute(path).lexically_normal().string(); };
  const SlurmRequest slurm{.program = fs::canonical("/proc/self/exe").string(),
                           .study = whole(file),
                           .out = whole(request.out),
                           .name = study.name,
                           .overrides = request.overrides,
                           .options = request.slurm_options,
                           .points = std::ssize(choices_of(study)) * std::ssize(study.workloads),
                           .shards = request.shards,
                           .jobs = request.jobs,
                           .memory_mb = request.memory_mb,
                           .retry = request.retry,
                           .simulates = study.simulate.has_value() && request.stage == "all"};
  for (const auto& script : slurm_scripts(slurm)) {
    const auto path = request.out + "/slurm/" + script.name;
    write_file(path, script.text);
    fs::permissions(path, fs::perms::owner_exec | fs::perms::group_exec, fs::perm_options::add);
  }
  const auto submit = request.out + "/slurm/submit.sh";
  if (!request.submit) {
    fmt::print("written: {}\n", submit);
    return 0;
  }
  std::fflush(nullptr);
  if (std::system(("bash " + quoted(submit)).c_str()) == 0) return 0;
  fmt::print(stderr, "{} failed; `eyrie explore {} --out {} --shard i/n` runs a shard by hand\n", submit, request.study,
             request.out);
  return 1;
}

}  // namespace eyrie
