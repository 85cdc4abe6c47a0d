#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/options.hpp"
#include "explore/profile.hpp"

namespace eyrie {

/// How layers' cycles are found.
enum class ProfileFidelity : std::uint8_t { Simulated, Closed };
template <>
struct names<ProfileFidelity> {
  static constexpr Name<ProfileFidelity> table[] = {
      {"simulated", ProfileFidelity::Simulated, "every layer on the simulator"},
      {"closed", ProfileFidelity::Closed,
       "the closed form's estimate, without data: each coded word as long as it is"}};
};

/// Options of `eyrie profile`.
void profile_options(CLI::App&, CommandLine&);

/// The mapped layers of one network, in its order. Simulated: InputError as in `run`; none after an interrupt.
/// InternalError if a layer computed anything wrong or stopped.
std::vector<ProfiledLayer> profiled_layers(const PreparedExperiment&, ProfileFidelity, const RunOptions&,
                                           const std::function<bool()>& interrupted);

/// `eyrie profile`: maps and runs the networks on the machine, prints what was found, and writes -o FILE by its ending:
/// .html, .svg, .csv, .json or .md.
int profile_command(const CommandLine&, const std::function<bool()>& interrupted);

}  // namespace eyrie
