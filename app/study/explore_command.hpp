#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "app/study/engine.hpp"

namespace eyrie {

/// Options and subcommands of `eyrie explore`; `code` takes the exit code.
void explore_options(CLI::App&, ExploreRequest&, int& code, const MakeEngine& make_engine,
                     const std::function<bool()>& interrupted);

/// What a request lets all workers of a machine take together; none: what there is.
std::optional<Bytes> memory_of(const ExploreRequest&);

/// Runs a study into a folder, or one shard of it, or hands it to Slurm. Exit code 1 if it was interrupted.
int explore(const ExploreRequest&, const Catalogue&, const MakeEngine&, const std::function<bool()>& interrupted);

}  // namespace eyrie
