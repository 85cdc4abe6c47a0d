#include "explore/study/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace eyrie {

void describe(Fields& f, ValueRange& r) {
  f.about("values from one end to the other, both included; by step, factor or points");
  f.required("from", r.from, "the first value");
  f.required("to", r.to, "the last value");
  f.optional("step", r.step, "what is added each time");
  f.optional("factor", r.factor, "what each value is multiplied by", AtLeast(0));
  f.optional("points", r.points, "how many values", Between(0, 10000));
  f.optional("spacing", r.spacing, "of points");
}

void describe(Fields& f, StudyParameter& p) {
  f.about("what a study changes; one of values, range and value");
  f.place(p.where);
  f.required("name", p.name, "its name, for expressions, constraints and reports");
  f.optional("title", p.title, "what it is, for reports");
  f.optional(
      "set", p.set,
      "what takes its value: architecture.PATH, workload.PATH, energy_table.PATH, dataflow.PATH, experiment.KEY; "
      "none: it serves expressions");
  f.optional("values", p.values, "the values to choose from");
  f.optional("labels", p.labels, "how reports call the values");
  f.optional("range", p.range, "the values, as a range");
  f.optional("value", p.value, "an expression over other parameters");
}

namespace {

constexpr std::size_t kMostValues = 10000;

bool is_name(const std::string& name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !name.empty() && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || c == '_' || (c >= '0' && c <= '9'); });
}

/// Of a quantity of which only whole ones exist, or a bare number between whole ends.
double tidy(double value, Dimension d, bool whole) {
  if (is_whole(d) || (d == Dimension::None && whole)) return std::round(value);
  return std::stod(fmt::format("{:.12g}", value));
}

std::vector<double> spaced(double from, double to, const ValueRange& r, double step) {
  std::vector<double> all;
  if (step > 0)
    for (std::size_t i = 0; from + static_cast<double>(i) * step <= to + 1e-12 * std::abs(to) && i < kMostValues; ++i)
      all.push_back(from + static_cast<double>(i) * step);
  else if (r.factor > 1)
    for (double v = from; v <= to * (1 + 1e-9) && all.size() < kMostValues; v *= r.factor) all.push_back(v);
  else
    for (std::int64_t i = 0; i < r.points; ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(r.points - 1);
      all.push_back(r.spacing == Spacing::Log ? from * std::pow(to / from, share) : from + share * (to - from));
    }
  return all;
}

/// What is wrong with how a range goes from one end to the other; empty if nothing is.
std::string wrong_steps(const ValueRange& r, bool no_step) {
  const int ways = (r.step.empty() ? 0 : 1) + (r.factor > 0 ? 1 : 0) + (r.points > 0 ? 1 : 0);
  const auto between = [&](const char* what) {
    return fmt::format("the values between {} and {} {}", r.from, r.to, what);
  };
  if (ways == 0) return between("are not said");
  if (ways > 1) return between("are said twice");
  if (no_step) return fmt::format("{} is no step from {} to {}", r.step, r.from, r.to);
  if (r.points == 1) return fmt::format("one point is no range from {} to {}", r.from, r.to);
  if (r.factor > 0 && r.factor <= 1) return fmt::format("{} is no factor from {} to {}", r.factor, r.from, r.to);
  return {};
}

}  // namespace

std::vector<std::string> values_of(const ValueRange& r, const Place& where) {
  const auto from = parse_any_quantity(r.from), to = parse_any_quantity(r.to);
  if (!from || !to || from->dimension != to->dimension)
    throw InputError(where, fmt::format("{} to {} is no range", r.from, r.to), "give both ends in the same unit");
  const auto step =
      r.step.empty() ? AnyQuantity{0, from->dimension} : parse_any_quantity(r.step).value_or(AnyQuantity{});
  if (const auto wrong = wrong_steps(r, !r.step.empty() && (step.value <= 0 || step.dimension != from->dimension));
      !wrong.empty())
    throw InputError(
        where, wrong,
        "write one of `step: 32 KiB` (in the unit of the ends), `factor: 2` (more than 1), `points: 5` (at "
        "least 2)");
  if (r.spacing && r.points == 0)
    throw InputError(where, fmt::format("spacing: {}, and no points to space", name_of(*r.spacing)),
                     "say how many `points`, or leave it out: steps are equal differences, factors equal ratios");
  if (to->value < from->value)
    throw InputError(where, fmt::format("{} is less than {}", r.to, r.from), "let the range rise");
  if ((r.factor > 0 || r.spacing == Spacing::Log) && from->value <= 0)
    throw InputError(where, fmt::format("ratios cannot begin at {}", r.from), "begin above 0, or use `step`");
  const bool whole = from->value == std::round(from->value) && to->value == std::round(to->value) &&
                     (r.points > 0 || r.factor == std::round(r.factor)) && step.value == std::round(step.value);
  std::vector<std::string> all;
  for (const double v : spaced(from->value, to->value, r, step.value)) {
    auto text = write_quantity(tidy(v, from->dimension, whole), from->dimension);
    if (all.empty() || all.back() != text) all.push_back(std::move(text));
  }
  if (all.size() >= kMostValues)
    throw InputError(where, fmt::format("a range of {} values and more", kMostValues), "take larger steps");
  return all;
}

/// Each key is set by one parameter, and once.
static void check_set_once(const std::vector<StudyParameter>& all, Diagnostics& wrong) {
  std::map<std::string, std::string> setter;
  for (const auto& p : all)
    for (const auto& path : p.set)
      if (const auto [first, fresh] = setter.emplace(path, p.name); !fresh)
        wrong.error(p.where, fmt::format("{} sets {}, which {} sets too", p.name, path, first->second),
                    "let one parameter set it");
}

/// Exactly one way to a value; names and values once. Ranges become values.
static void check_parameters(std::vector<StudyParameter>& all, Diagnostics& wrong) {
  for (auto& p : all) {
    if (!is_name(p.name))
      wrong.error(p.where, fmt::format("\"{}\" is no name for a parameter", p.name),
                  "a letter, then letters, digits and _");
    if (std::ranges::count(all, p.name, &StudyParameter::name) > 1 &&
        &p != &*std::ranges::find(all, p.name, &StudyParameter::name))
      wrong.error(p.where, fmt::format("a second parameter called {}", p.name), "give each its own name");
    const int ways = (p.values.empty() ? 0 : 1) + (p.range ? 1 : 0) + (p.value.empty() ? 0 : 1);
    if (ways != 1)
      wrong.error(p.where, fmt::format("{} has {} of values, range and value", p.name, ways == 0 ? "none" : "several"),
                  "write one of them");
    try {
      if (ways == 1 && p.range) p.values = values_of(*p.range, p.where);
    } catch (const InputError& e) {
      for (const auto& d : e.diagnostics()) wrong.error(d.place, d.problem, d.remedy);
    }
    for (std::size_t i = 0; i < p.values.size(); ++i)
      if (std::find(p.values.begin(), p.values.begin() + static_cast<std::ptrdiff_t>(i), p.values[i]) !=
          p.values.begin() + static_cast<std::ptrdiff_t>(i))
        wrong.error(p.where, fmt::format("{} has the value {} twice", p.name, p.values[i]), "each value once");
    if (!p.labels.empty() && p.labels.size() != p.values.size())
      wrong.error(p.where, fmt::format("{} has {} labels for {} values", p.name, p.labels.size(), p.values.size()),
                  "a label a value");
    for (const auto& path : p.set) {
      const auto document = path.substr(0, path.find('.'));
      if (path.find('.') == std::string::npos || std::ranges::count(kSetDocuments, document) == 0)
        wrong.error(p.where, fmt::format("{} sets {}, which is no key of a document", p.name, path),
                    "begin with architecture., workload., energy_table., dataflow. or experiment.");
    }
  }
}

/// Expressions count with numbers: the names in them must have no other values.
static void check_numbers(const std::vector<std::string>& used, const std::string& text, const Place& where,
                          const std::vector<StudyParameter>& all, Diagnostics& wrong) {
  for (const auto& p : all) {
    const auto word = std::ranges::find_if(p.values, [](const auto& v) { return !parse_any_quantity(v); });
    if (word != p.values.end() && std::ranges::count(used, p.name) > 0)
      wrong.error(where, fmt::format("\"{}\" needs numbers, and {} has the value {}", text, p.name, *word),
                  "use it for parameters whose values are all numbers");
  }
}

ParameterSpace::ParameterSpace(std::vector<StudyParameter> parameters, const std::vector<std::string>& constraints,
                               const Place& constraints_at, const std::vector<std::string>& measures)
    : parameters_{std::move(parameters)} {
  Diagnostics wrong;
  check_parameters(parameters_, wrong);
  check_set_once(parameters_, wrong);
  const auto try_it = [&](const auto& what) {
    try {
      what();
    } catch (const InputError& e) {
      for (const auto& d : e.diagnostics()) wrong.error(d.place, d.problem, d.remedy);
    }
  };
  std::vector<std::string> known, later;  // an expression sees the parameters above it
  for (const auto& p : parameters_) later.push_back(p.name);
  for (const auto& p : parameters_) {
    derived_.emplace_back();
    if (!p.value.empty())
      try_it([&] {
        derived_.back().emplace(p.value, known, p.where, later);
        check_numbers(derived_.back()->used(), p.value, p.where, parameters_, wrong);
      });
    if (p.value.empty()) sizes_.push_back(p.values.size());
    known.push_back(p.name);
    later.erase(later.begin());
    if (std::ranges::count(measures, p.name) > 0)
      wrong.error(p.where, fmt::format("{} is the name of a figure", p.name), "call the parameter something else");
  }
  known.insert(known.end(), measures.begin(), measures.end());
  for (const auto& c : constraints)
    try_it([&] {
      constraints_.emplace_back(c, known, constraints_at);
      check_numbers(constraints_.back().used(), c, constraints_at, parameters_, wrong);
    });
  wrong.raise_if_any();
}

double ParameterSpace::combinations() const {
  double all = 1;
  for (const auto n : sizes_) all *= static_cast<double>(n);
  return all;
}

Design ParameterSpace::design(const Choice& choice) const {
  Design d;
  std::size_t free = 0;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto& p = parameters_[i];
    if (!derived_[i]) {
      d.values.push_back(p.values.at(choice.at(free++)));
      d.numbers.push_back(parse_any_quantity(d.values.back()));
    } else {
      const auto value = derived_[i]->of(d.named);
      if (is_whole(value.dimension) && value.value != std::round(value.value))
        throw InputError(p.where, fmt::format("{} is {} {}", p.name, value.value, units_of(value.dimension)[0].suffix),
                         "round it: floor(...), ceil(...)");
      d.values.push_back(write_quantity(value.value, value.dimension));
      d.numbers.push_back(value);
    }
    if (d.numbers.back()) d.named[p.name] = *d.numbers.back();
  }
  return d;
}

std::string ParameterSpace::broken(const NamedQuantities& values) const {
  for (const auto& c : constraints_)
    if (c.needs_only(values))
      if (auto how = c.broken_by(values); !how.empty()) return how;
  return {};
}

const std::string& label_of(const StudyParameter& p, const std::string& value) {
  const auto at = std::ranges::find(p.values, value) - p.values.begin();
  return at < std::ssize(p.labels) ? p.labels[static_cast<std::size_t>(at)] : value;
}

std::string ParameterSpace::label(std::size_t parameter, const std::string& value) const {
  return label_of(parameters_[parameter], value);
}

}  // namespace eyrie
