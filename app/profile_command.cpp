#include "app/profile_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/machine_run.hpp"
#include "app/precision.hpp"
#include "app/workload.hpp"
#include "dataflows/closed_form.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace {

constexpr const char* kEndings[] = {".html", ".svg", ".csv", ".json", ".md"};

std::string kind_of(const Layer& l) {
  if (l.type != LayerType::Conv) return std::string(name_of(l.type));
  if (l.groups > 1 && l.weight_shape().c == 1) return "depthwise";
  return l.kernel.rows == 1 && l.kernel.columns == 1 ? "pointwise" : "conv";
}

ProfiledLayer sizes_of(const PreparedExperiment& p, const PlannedLayer& planned) {
  const Layer& l = p.network.layers()[planned.number];
  const auto& nest = planned.nest;
  const auto words = [&](Operand t) { return static_cast<double>(nest.tile_words(t, nest.extent).count()); };
  ProfiledLayer one{.workload = p.network.name(), .layer = l.name};
  if (l.has_filters()) one.parameters = (l.weight_words() + (l.bias ? l.bias_words() : Words{})).count();
  one.of.kind = kind_of(l);
  one.of.channels = static_cast<double>(nest.extent[Dim::C]);
  one.of.features = {static_cast<double>(nest.macs().count()), words(Operand::Input),
                     nest.has_weights() ? words(Operand::Weight) : 0, words(Operand::Output)};
  return one;
}

/// Of a simulated layer: every PE-cycle without a MAC has its cause.
void take(ProfiledLayer& one, const LayerResult& r) {
  one.of.cycles = static_cast<double>(r.cycles.count());
  const auto all = static_cast<double>(r.stack.total());
  for (const auto& row : names<Cause>::table) {
    const double share = static_cast<double>(r.stack[row.value]) / all;
    if (row.value == Cause::Mac || row.value == Cause::GatedMac)
      one.utilization += share;
    else if (share > 0)
      one.lost.emplace_back(row.name, share);
  }
}

/// Of the closed form: cycles in which the array waits for DRAM, for networks and for the ends of passes; of those in
/// which PEs work, what all but the useful PEs could have done.
void take(ProfiledLayer& one, const CycleBreakdown& c, std::int64_t pes) {
  one.of.cycles = std::max(1.0, std::floor(c.estimate));
  const auto macs = one.of.features[static_cast<std::size_t>(Feature::Macs)];
  one.utilization = macs / (static_cast<double>(pes) * one.of.cycles);
  const auto lose = [&](Cause cause, double cycles) {
    if (cycles > 0) one.lost.emplace_back(name_of(cause), cycles / one.of.cycles);
  };
  lose(Cause::DramInput, c.waits[0]);
  lose(Cause::DramWeight, c.waits[1]);
  lose(Cause::DramOutput, c.waits[2]);
  lose(Cause::PassBarrier, c.chains + c.ramps);
  lose(Cause::Unmapped, c.busiest_pe - macs / static_cast<double>(pes));
  const double networks = c.likely.array - c.busiest_pe - c.ramps;
  lose(c.likely.network[0] >= c.likely.network[1] ? Cause::WaitInput : Cause::WaitWeight, networks);
}

std::vector<ProfiledLayer> simulated(const PreparedExperiment& p, const RunOptions& options,
                                     const std::function<bool()>& interrupted) {
  const auto answer = run(p, options, interrupted);
  if (answer.interrupted) return {};
  std::vector<ProfiledLayer> all;
  for (std::size_t i = 0; i < p.layers.size(); ++i) {
    const auto& o = answer.outcomes.at(i);
    if (o.mismatches > 0 || o.result.deadlock || !o.analytic.counts_equal)
      throw InternalError(fmt::format("{} on {}: the simulation of {} is wrong; `eyrie run` of it tells more",
                                      p.network.name(), p.architecture.name, o.layer));
    all.push_back(sizes_of(p, p.layers[i]));
    take(all.back(), o.result);
  }
  return all;
}

std::vector<ProfiledLayer> in_closed_form(const PreparedExperiment& p) {
  std::vector<ProfiledLayer> all;
  for (const auto& l : p.layers) {
    const auto& a = machine_of(p, l);
    all.push_back(sizes_of(p, l));
    take(all.back(), cycle_breakdown(traffic(l.mapping, l.nest, a), l.nest, a, expected_facts(to_map(p, l), a)),
         a.pes());
  }
  return all;
}

/// No network counts twice. InputError if one is named again, be it by its file.
void check_workloads(const std::vector<std::string>& workloads, const Catalogue& catalogue) {
  namespace fs = std::filesystem;
  std::vector<fs::path> met;
  Diagnostics wrong;
  for (const auto& w : workloads) {
    const fs::path file = is_foreign_model(w) ? w : catalogue.find(Shelf::Workloads, w);
    std::error_code error;
    const auto path = fs::weakly_canonical(file, error);
    if (std::ranges::count(met, path) > 0)
      wrong.error({"--workload", 0, 0}, w + " is given twice", "a network counts once; leave one out");
    met.push_back(path);
  }
  wrong.raise_if_any();
}

/// The file is one that can be made. InputError if it is not.
void check_out(const std::string& out) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::is_directory(out, error)) throw InputError({"--out", 0, 0}, out + " is a folder", "name a file, FILE.html");
  if (std::ranges::count(kEndings, fs::path{out}.extension()) == 0)
    throw InputError({"--out", 0, 0}, out + " is no name of a profile",
                     fmt::format("let it end in {}", fmt::join(kEndings, ", ")));
}

std::string rendered(const Profile& p, const std::string& ending) {
  return ending == ".html"   ? to_html(p)
         : ending == ".svg"  ? to_svg(p)
         : ending == ".csv"  ? to_csv(p)
         : ending == ".json" ? to_json(p)
                             : to_markdown(p, p.layers.size());
}

ProfileFidelity fidelity_of(const CommandLine& line) {
  return value_of<ProfileFidelity>(line.fidelity).value_or(ProfileFidelity::Simulated);
}

/// What a network's run adds to what is said of all.
void note(ProfiledRun& all, const PreparedExperiment& p, const CommandLine& line) {
  const auto& e = p.experiment;
  all.command = "eyrie profile --arch " + quoted(e.architecture);
  for (const auto& workload : line.workloads) all.command += " --workload " + quoted(workload);
  all.command += fmt::format(" --fidelity {}", line.fidelity) + options_of(e, line);
  all.workloads.push_back(p.network.name());
  all.title = p.architecture.title;
  all.pes = p.architecture.pes();
  if (fidelity_of(line) == ProfileFidelity::Simulated && e.input.empty()) all.seed = e.seed;
}

}  // namespace

void profile_options(CLI::App& app, CommandLine& line) {
  app.add_option("--workload", line.workloads, "networks: names under configs/workloads, or files")->required();
  app.add_option("--fidelity", line.fidelity, "how cycles are found (default simulated)")
      ->check(CLI::IsMember({"simulated", "closed"}));
  app.add_option("--objective", line.objective, "map every layer for this (default: energy, where no mapping ships)")
      ->check(CLI::IsMember({"energy", "cycles", "edp"}));
  common_options(app, line);
  app.get_option("--arch")->required();
  app.get_option("--out")->description("file for the profile: .html, .svg, .csv, .json or .md");
  format_option(app, line, {"table", "json", "csv", "markdown"});
}

std::vector<ProfiledLayer> profiled_layers(const PreparedExperiment& p, ProfileFidelity fidelity,
                                           const RunOptions& options, const std::function<bool()>& interrupted) {
  return fidelity == ProfileFidelity::Closed ? in_closed_form(p) : simulated(p, options, interrupted);
}

int profile_command(const CommandLine& line, const std::function<bool()>& interrupted) {
  if (!line.out.empty()) check_out(line.out);
  const Catalogue catalogue{line.program};
  const auto fidelity = fidelity_of(line);
  check_workloads(line.workloads, catalogue);
  std::vector<ProfiledLayer> layers;
  std::string machine;
  ProfiledRun done;
  for (const auto& workload : line.workloads) {
    CommandLine one = line;
    one.workload = workload;
    auto p = prepare(asked_of_one(one, catalogue), line.overrides, catalogue);
    map_layers(p, map_settings(one, p.experiment), interrupted);
    auto found = profiled_layers(p, fidelity, {.jobs = line.jobs, .quiet = line.quiet, .memory = {}}, interrupted);
    if (interrupted()) {
      fmt::print(stderr, "interrupted; nothing was written\n");
      return 1;
    }
    layers.insert(layers.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    machine = p.architecture.name;
    note(done, p, one);
  }
  const auto profile = profile_of(machine, fidelity == ProfileFidelity::Closed ? "in closed form" : "simulated",
                                  std::move(layers), std::move(done));
  fmt::print("{}", line.format == "json"       ? to_json(profile)
                   : line.format == "csv"      ? to_csv(profile)
                   : line.format == "markdown" ? to_markdown(profile)
                                               : to_table(profile));
  if (line.out.empty()) return 0;
  write_file(line.out, rendered(profile, std::filesystem::path{line.out}.extension()));
  if (!line.quiet) fmt::print(stderr, "written: {}\n", line.out);
  return 0;
}

}  // namespace eyrie
