#pragma once

// `eyrie whatif`: single changes to a machine, ranked by what they are worth.

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/study/engine.hpp"
#include "explore/whatif.hpp"

namespace eyrie {

struct WhatIfRequest {
  std::string program, architecture, changes, out, objective = "energy", fidelity = "simulated", by = "edp",
                                                   format = "table";
  std::vector<std::string> workloads, overrides;
  std::int64_t batch = 1, seed = 1, memory_mb = 0;
  std::int64_t search_limit = 3000000;  ///< 0: none
  unsigned jobs = 1;
  bool quiet = false;
};

/// Computes every change on every network by an engine; with `out`, what the store there has is not computed again.
/// Nothing after an interrupt. InputError if the machine as it is has no figures.
std::optional<WhatIf> what_if(const WhatIfRequest&, const Catalogue&, Engine&,
                              const std::function<bool()>& interrupted);

/// Options of the command; `code` takes the exit code: 1 if it was interrupted.
void whatif_options(CLI::App&, WhatIfRequest&, int& code, const std::function<bool()>& interrupted);

}  // namespace eyrie
