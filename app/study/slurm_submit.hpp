#pragma once

#include <string>

#include "app/study/engine.hpp"
#include "app/study/study_file.hpp"

namespace eyrie {

/// Writes the scripts of a study, read from `file`, into OUT/slurm, and submits them unless that is not wanted. The
/// exit code. InputError for a search, which has no shards.
int submit_to_slurm(const ExploreRequest&, const Study&, const std::string& file);

}  // namespace eyrie
