#pragma once

// Stores of shards become one.

#include <string>
#include <vector>

#include "explore/study/store.hpp"

namespace eyrie {

/// The store `file` with all that these hold. `are_shards`: they are all shards of its folder, so that it follows their
/// study if it is of another. InputError if two of them are of different studies, or plan different points for one
/// design: files that the study names changed between them. A store that was not there before is not left behind then.
StudyStore merged(const std::string& file, const std::vector<std::string>& stores, bool are_shards);

}  // namespace eyrie
