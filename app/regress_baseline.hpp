#pragma once

// What comparing and recording have in common: a baseline's file, and an experiment measured.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/regress_command.hpp"
#include "report/regression.hpp"

namespace eyrie {

/// A baseline as its file has it.
struct StoredBaseline {
  Regression recorded;
  std::string text;
};

/// InputError: all that is wrong in it.
StoredBaseline read_baseline(const std::string& path);

/// Writes a baseline unless the file is it already.
void write_baseline(const Regression&, const std::string& path, const std::string& before, bool quiet);

/// Says which of how many experiments is run.
void announce(const CommandLine&, std::size_t number, std::size_t of, const std::string& name);

/// On stderr.
void say_interrupted();

/// Maps and simulates. Nothing after an interrupt, of which it tells on stderr.
std::optional<RecordedRun> measured(PreparedExperiment, const CommandLine&, const std::string& name, const AskedRun&,
                                    const std::function<bool()>& interrupted);

/// Why these runs can be no baseline, a line each on stderr. True if nothing keeps them from it.
bool can_be_recorded(const std::vector<RecordedRun>&, const std::string& path);

/// `eyrie regress --record`: runs new experiments and adds them to the baseline. The exit code.
int record(const CommandLine&, const RegressRequest&, const Catalogue&, const std::function<bool()>& interrupted);

}  // namespace eyrie
