#include "mapper/why_not_text.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"

namespace eyrie {

namespace {

const Spad& spad(const Constraint& c, const MapProblem& m) { return m.machine.array.spads[c.part]; }
const Sram& buffer(const Constraint& c, const MapProblem& m) { return m.machine.buffers[c.buffer]; }

std::string partition(const Constraint& c, const MapProblem& m) {
  return fmt::format("partition {} of {}", buffer(c, m).partitions[c.part].name, buffer(c, m).name);
}

std::string count(std::int64_t n, std::string_view one, std::string_view more) {
  return fmt::format("{} {}", n, n == 1 ? one : more);
}
std::string words(std::int64_t n) { return count(n, "word", "words"); }
std::string banks(std::int64_t n) { return count(n, "bank", "banks"); }
std::string rows(std::int64_t n) { return count(n, "row", "rows"); }

/// The capacity that a buffer needs with so many banks in one partition; 0 if it has it.
std::int64_t capacity_wanted(const Constraint& c, std::int64_t banks, const MapProblem& m) {
  for (const auto& p : buffer(c, m).partitions) banks += p.banks;
  const auto wanted = (banks - *c.has) * buffer(c, m).bank.count();
  return wanted > buffer(c, m).capacity.count() ? wanted : 0;
}

}  // namespace

std::string problem_of(const Constraint& c, const MapProblem& m) {
  const auto& flow = m.dataflow;
  const auto extent = [&] { return m.layer.extent[c.dim]; };
  switch (c.rule) {
    case Rule::Operations:
      return fmt::format("the PEs of {} cannot do {}", m.machine.name, name_of(m.layer.reduction));
    case Rule::Rows:
      return fmt::format("{} has {}", m.machine.array.name, rows(*c.has));
    case Rule::Depth:
      return fmt::format("{} has {}", spad(c, m).name, words(*c.has));
    case Rule::Banks:
      return fmt::format("{} has {} of {} B", partition(c, m), banks(*c.has), buffer(c, m).bank.count());
    case Rule::DoubleBuffered:
      return fmt::format("{} is double-buffered and needs room for two tiles", partition(c, m));
    case Rule::Bypass:
      return fmt::format("no tensor may pass by {}", partition(c, m));
    case Rule::WholeInPe:
      return fmt::format("{} keeps {} whole in a PE, all {} of it", flow.name, name_of(c.dim), extent());
    case Rule::WholeOnY:
      return fmt::format("{} keeps {} whole along y, all {} of it", flow.name, name_of(c.dim), extent());
    case Rule::Y:
      return fmt::format("{} does not spread {} along y", flow.name, name_of(c.dim));
    case Rule::Pe:
      return fmt::format("{} gives a PE one element of {} at a time", flow.name, name_of(c.dim));
    case Rule::Longest:
      return fmt::format("{} keeps {} longest in a PE", flow.name, name_of(*flow.longest));
    case Rule::Space:
      return "only parts that divide their dimension are tried";
    case Rule::CycleLimit:
      return fmt::format("the limit is {}", count(*c.has, "cycle", "cycles"));
  }
  return {};
}

std::string need_of(const Constraint& c, std::optional<std::int64_t> value, const MapProblem& m) {
  switch (c.rule) {
    case Rule::Operations:
      return fmt::format("the PEs must do {}", name_of(m.layer.reduction));
    case Rule::Rows:
      return fmt::format("{} needs {}", m.machine.array.name, rows(*value));
    case Rule::Depth:
      return fmt::format("{} needs {}", spad(c, m).name, words(*value));
    case Rule::Banks:
      return fmt::format("{} needs {}", partition(c, m), banks(*value));
    case Rule::DoubleBuffered:
      return fmt::format("{} must be single-buffered", partition(c, m));
    case Rule::Bypass:
      return fmt::format("a tensor must pass by {}", partition(c, m));
    case Rule::WholeInPe:
      return fmt::format("{} must not be whole in a PE", name_of(c.dim));
    case Rule::WholeOnY:
      return fmt::format("{} must not be whole along y", name_of(c.dim));
    case Rule::Y:
      return fmt::format("{} must be spread along y", name_of(c.dim));
    case Rule::Pe:
      return fmt::format("a PE must do several elements of {}", name_of(c.dim));
    case Rule::Longest:
      return fmt::format("{} must not stay longest in a PE", name_of(*m.dataflow.longest));
    case Rule::Space:
      return "parts must be allowed not to divide their dimension";
    case Rule::CycleLimit:
      return fmt::format("the fastest takes {}", count(*value, "cycle", "cycles"));
  }
  return {};
}

std::string remedy_of(const Constraint& c, std::optional<std::int64_t> value, const MapProblem& m) {
  switch (c.rule) {
    case Rule::Operations:
      return fmt::format("with {} in the list", name_of(m.layer.reduction));
    case Rule::Banks:
      if (const auto capacity = capacity_wanted(c, *value, m); capacity > 0)
        return fmt::format("with {} (and {} of {} B)", *value, buffer(c, m).name, capacity);
      return fmt::format("with {}", *value);
    case Rule::Rows:
      if (*value > kMostRows)
        return fmt::format("with {}, more than the {} that an array may have,", *value, kMostRows);
      return fmt::format("with {}", *value);
    case Rule::Depth:
    case Rule::CycleLimit:
      return fmt::format("with {}", *value);
    case Rule::DoubleBuffered:
      return "with `double_buffered: false`";
    case Rule::Bypass:
      return "with `bypass: true`";
    case Rule::Y:
    case Rule::Pe:
      return fmt::format("with {} in the list", name_of(c.dim));
    case Rule::Space:
      return "with `ragged`";
    case Rule::WholeInPe:
    case Rule::WholeOnY:
    case Rule::Longest:
      return "without it";
  }
  return {};
}

}  // namespace eyrie
