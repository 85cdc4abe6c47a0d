#include "app/regress_asked.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/file_names.hpp"
#include "app/precision.hpp"
#include "app/workload.hpp"

namespace eyrie {

namespace fs = std::filesystem;

namespace {

/// A member of what is asked, the option of it, and the shelf of its names.
struct NamedThing {
  std::string AskedRun::*stored;
  std::string CommandLine::*option;
  Shelf shelf;
};
constexpr NamedThing kThings[] = {{&AskedRun::experiment, &CommandLine::experiment, Shelf::Experiments},
                                  {&AskedRun::architecture, &CommandLine::architecture, Shelf::Architectures},
                                  {&AskedRun::workload, &CommandLine::workload, Shelf::Workloads},
                                  {&AskedRun::mappings, &CommandLine::mapping, Shelf::Mappings},
                                  {&AskedRun::dataflow, &CommandLine::dataflow, Shelf::Dataflows},
                                  {&AskedRun::input, &CommandLine::input, Shelf::Inputs},
                                  {&AskedRun::calibration, &CommandLine::calibration, Shelf::Inputs}};

/// Options that are words.
struct Word {
  std::string AskedRun::*stored;
  std::string CommandLine::*option;
};
constexpr Word kWords[] = {{&AskedRun::objective, &CommandLine::objective},
                           {&AskedRun::space, &CommandLine::space},
                           {&AskedRun::host, &CommandLine::host},
                           {&AskedRun::precision, &CommandLine::precision}};

bool is_stored_path(const std::string& name) {
  return name.starts_with("./") || name.starts_with("../") || name.starts_with("/");
}

/// A name stays one; a path is from the folder of the baseline, so that it holds wherever both are moved together.
std::string stored_name(const std::string& given, Shelf shelf, const std::string& baseline,
                        const Catalogue& catalogue) {
  const bool foreign = shelf == Shelf::Workloads && is_foreign_model(given);
  if (given.empty() || (!foreign && catalogue.find(shelf, given) != given)) return given;
  const auto path = fs::relative(given, folder_of(baseline)).generic_string();
  return is_stored_path(path) ? path : "./" + path;
}

std::string path_of(const std::string& stored, const std::string& baseline) {
  if (!is_stored_path(stored)) return stored;
  return (fs::path{folder_of(baseline)} / stored).lexically_normal().generic_string();
}

template <class E>
void check_word(const std::string& said, const StoredJson& json, const std::string& at, Diagnostics& wrong) {
  std::vector<std::string_view> known;
  for (const auto& row : names<E>::table) known.push_back(row.name);
  if (!said.empty() && !std::ranges::count(known, said))
    wrong.error(json.place_of(at), fmt::format("{} is {}", at, said), did_you_mean(said, known));
}

/// What an option's reader finds wrong, at the entry's place.
template <class Act>
void check_by(Act act, const StoredJson& json, const std::string& at, Diagnostics& wrong) {
  try {
    act();
  } catch (const InputError& e) {
    for (const auto& d : e.diagnostics()) wrong.error(json.place_of(at), at + ": " + d.problem, d.remedy);
  }
}

}  // namespace

AskedRun stored_of(const CommandLine& line, const std::string& baseline, const Catalogue& catalogue) {
  AskedRun asked;
  Diagnostics wrong;
  for (const auto& [stored, option, shelf] : kThings) try {
      asked.*stored = stored_name(line.*option, shelf, baseline, catalogue);
    } catch (const InputError& e) {
      for (const auto& d : e.diagnostics()) wrong.error(d.place, d.problem, d.remedy);
    }
  wrong.raise_if_any();
  for (const auto& [stored, option] : kWords) asked.*stored = line.*option;
  if (line.batch > 0) asked.batch = line.batch;
  if (line.seed >= 0) asked.seed = line.seed;
  asked.layers = line.layers;
  asked.set = line.overrides;
  return asked;
}

CommandLine line_of(const AskedRun& asked, const std::string& baseline, const CommandLine& rest) {
  CommandLine line = rest;
  for (const auto& thing : kThings) line.*thing.option = path_of(asked.*thing.stored, baseline);
  for (const auto& [stored, option] : kWords) line.*option = asked.*stored;
  line.batch = asked.batch.value_or(0);
  line.seed = asked.seed.value_or(-1);
  line.layers = asked.layers;
  line.overrides = asked.set;
  return line;
}

void check_asked(const AskedRun& asked, const StoredJson& json, const std::string& at, Diagnostics& wrong) {
  check_word<Objective>(asked.objective, json, at + ".objective", wrong);
  check_word<Space>(asked.space, json, at + ".space", wrong);
  check_word<HostRule>(asked.host, json, at + ".host", wrong);
  if (!asked.precision.empty())
    check_by([&] { (void)read_precision(asked.precision); }, json, at + ".precision", wrong);
  for (std::size_t i = 0; i < asked.set.size(); ++i)
    check_by([&] { (void)parse_override(asked.set[i]); }, json, fmt::format("{}.set.{}", at, i), wrong);
}

}  // namespace eyrie
