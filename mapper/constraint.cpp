#include "mapper/constraint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ensure.hpp"

namespace eyrie {

using enum Operand;

namespace {

/// More than any layer asks for, and far from overflow when doubled.
constexpr std::int64_t kPlenty = std::int64_t{1} << 60;

class Listing {
 public:
  explicit Listing(const MapProblem& m) : m_{m} {}

  std::vector<Constraint> all() && {
    buffers();
    array();
    dataflow();
    if (m_.space == Space::Perfect) add(Rule::Space, Document::Question, "space");
    return std::move(all_);
  }

 private:
  bool exists(Operand t) const { return t != Weight || m_.layer.has_weights(); }

  Constraint& add(Rule rule, Document document, const std::string& path, std::optional<std::int64_t> has = {}) {
    all_.push_back({.rule = rule, .document = document, .path = path, .id = path, .has = has});
    return all_.back();
  }
  /// About one element of the list at the path.
  Constraint& add_element(Rule rule, Document document, const std::string& path, std::string_view element) {
    auto& c = add(rule, document, path);
    c.id = fmt::format("{}.{}", path, element);
    return c;
  }

  void buffers() {
    for (std::size_t b = 0; b < m_.machine.buffers.size(); ++b)
      for (std::size_t p = 0; p < m_.machine.buffers[b].partitions.size(); ++p) {
        const auto& buffer = m_.machine.buffers[b];
        const auto& part = buffer.partitions[p];
        if (std::ranges::none_of(part.tensors, [&](Operand t) { return exists(t); })) continue;
        const auto path = fmt::format("buffers.{}.partitions.{}.", buffer.name, part.name);
        const auto one = [&](Rule rule, const char* key, std::optional<std::int64_t> has = {}) {
          auto& c = add(rule, Document::Architecture, path + key, has);
          c.buffer = b;
          c.part = p;
        };
        one(Rule::Banks, "banks", part.banks);
        if (part.double_buffered) one(Rule::DoubleBuffered, "double_buffered");
        if (!part.bypass) one(Rule::Bypass, "bypass");
      }
  }

  void array() {
    const auto& array = m_.machine.array;
    add(Rule::Rows, Document::Architecture, "array.rows", array.rows);
    for (std::size_t i = 0; i < array.spads.size(); ++i)
      if (exists(array.spads[i].tensor))
        add(Rule::Depth, Document::Architecture, fmt::format("array.spads.{}.depth", array.spads[i].name),
            array.spads[i].depth.count())
            .part = i;
    if (!std::ranges::count(array.mac.operations, m_.layer.reduction))
      add_element(Rule::Operations, Document::Architecture, "array.mac.operations", name_of(m_.layer.reduction));
  }

  void dataflow() {
    const auto& flow = m_.dataflow;
    missing(Rule::Y, "y", flow.y);
    missing(Rule::Pe, "pe", flow.pe);
    whole(Rule::WholeInPe, "whole_in_pe", flow.whole_in_pe);
    whole(Rule::WholeOnY, "whole_on_y", flow.whole_on_y);
    if (flow.longest && exists(*flow.longest)) add(Rule::Longest, Document::Dataflow, "longest");
  }

  /// Lists matter for the dimensions that a pass must have whole where outputs pass by.
  void missing(Rule rule, const char* key, const std::vector<Dim>& allowed) {
    for (Dim d : kAllDims)
      if (m_.layer.extent[d] > 1 && !is_relevant(d, Output) && !std::ranges::count(allowed, d))
        add_element(rule, Document::Dataflow, key, name_of(d)).dim = d;
  }

  void whole(Rule rule, const char* key, const std::vector<Dim>& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto first = std::ranges::find(list, list[i]) - list.begin();
      if (m_.layer.extent[list[i]] == 1 || static_cast<std::size_t>(first) != i) continue;
      auto& c = add_element(rule, Document::Dataflow, key, name_of(list[i]));
      c.path = fmt::format("{}.{}", key, i);
      c.dim = list[i];
    }
  }

  const MapProblem& m_;
  std::vector<Constraint> all_;
};

}  // namespace

std::vector<Constraint> constraints_of(const MapProblem& m) { return Listing{m}.all(); }

void set_value(MapProblem& m, const Constraint& c, std::int64_t value) {
  auto& array = m.machine.array;
  switch (c.rule) {
    case Rule::Rows:
      array.rows = value;
      return;
    case Rule::Depth:
      array.spads[c.part].depth = Words{value};
      return;
    case Rule::Banks:
      m.machine.buffers[c.buffer].partitions[c.part].banks = value;
      return;
    default:
      ensure(false, "only numbers are given values");
  }
}

void relax(MapProblem& m, const Constraint& c) {
  auto& flow = m.dataflow;
  const auto part = [&]() -> Partition& { return m.machine.buffers[c.buffer].partitions[c.part]; };
  switch (c.rule) {
    case Rule::Operations:
      return m.machine.array.mac.operations.push_back(m.layer.reduction);
    case Rule::Rows:
    case Rule::Depth:
    case Rule::Banks:
      return set_value(m, c, kPlenty);
    case Rule::DoubleBuffered:
      part().double_buffered = false;
      return;
    case Rule::Bypass:
      part().bypass = true;
      return;
    case Rule::WholeInPe:
      std::erase(flow.whole_in_pe, c.dim);
      return;
    case Rule::WholeOnY:
      std::erase(flow.whole_on_y, c.dim);
      return;
    case Rule::Y:
      return flow.y.push_back(c.dim);
    case Rule::Pe:
      return flow.pe.push_back(c.dim);
    case Rule::Longest:
      flow.longest.reset();
      return;
    case Rule::Space:
      m.space = Space::Ragged;
      return;
    case Rule::CycleLimit:
      return;  // no part of the problem: mappings are found without it
  }
}

}  // namespace eyrie
