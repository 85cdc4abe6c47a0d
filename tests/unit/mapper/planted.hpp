#pragma once

// Conflicts planted into Eyeriss, and the whole text that a user sees. Places are given as DOCUMENT:PATH, so that they
// stand for themselves.

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "mapper/why_not.hpp"
#include "tests/support/support.hpp"

namespace eyrie::test {

using enum Dim;

using Dims = std::vector<std::pair<Dim, std::int64_t>>;

/// A planted conflict: a layer, Eyeriss with changes, a dataflow.
struct Planted {
  LayerNest layer;
  std::vector<std::string> machine;
  std::string dataflow;
  Space space = Space::Ragged;
};

inline LayerNest conv(const Dims& dims, RowsColumns stride = {}, RowsColumns dilation = {}) {
  LayerNest l;
  for (auto [d, n] : dims) l.extent[d] = n;
  l.stride = stride;
  l.dilation = dilation;
  return l;
}

inline LayerNest pool(const Dims& dims, Reduction reduction = Reduction::Maximum) {
  auto l = conv(dims);
  l.reduction = reduction;
  return l;
}

/// A dataflow called `flow` with these lines.
inline std::string flow(const std::string& lines) { return "kind: dataflow\nname: flow\n" + lines; }

inline std::string shipped(const std::string& name) { return read_file(source("configs/dataflows/" + name + ".yaml")); }

inline MapProblem problem(const Planted& p) {
  return {.layer = p.layer,
          .machine = eyeriss(p.machine),
          .dataflow = read_dataflow(YamlDocument::from_text(p.dataflow, "flow.yaml")),
          .space = p.space};
}

inline std::string text(const std::optional<WhyNot>& why, const Locate& locate) {
  if (!why) return "there is a mapping\n";
  std::string all;
  for (const auto& d : diagnostics(*why, "conv1", {"net.yaml", 12, 3}, locate)) all += to_string(d) + "\n";
  return all;
}

/// What the user sees, `net.yaml:12:3: error: conv1 has no legal mapping on eyeriss_v1` left out.
inline std::string reason(const Planted& p, const std::optional<CycleLimit>& limit = {}) {
  auto all = text(why_not(problem(p), limit), [](Document d, std::string_view path) {
    const auto* of = d == Document::Architecture ? "machine" : d == Document::Dataflow ? "dataflow" : "question";
    return Place{fmt::format("{}:{}", of, path)};
  });
  const std::string first = "net.yaml:12:3: error: conv1 has no legal mapping on eyeriss_v1; ";
  return all.starts_with(first) ? all.substr(first.size()) : all;
}

/// Spads of these depths.
inline std::vector<std::string> spads(std::int64_t ifmap, std::int64_t filter, std::int64_t psum) {
  return {fmt::format("array.spads.ifmap_spad.depth={} words", ifmap),
          fmt::format("array.spads.filter_spad.depth={} words", filter),
          fmt::format("array.spads.psum_spad.depth={} words", psum)};
}

/// Banks of two words.
inline std::vector<std::string> banks(std::int64_t fmap, std::int64_t filter, std::vector<std::string> more = {}) {
  more.insert(more.end(), {"buffers.glb.bank=4 B", fmt::format("buffers.glb.capacity={} B", 4 * (fmap + filter)),
                           fmt::format("buffers.glb.partitions.fmap.banks={}", fmap),
                           fmt::format("buffers.glb.partitions.filter.banks={}", filter)});
  return more;
}

inline const std::string fmap = "buffers.glb.partitions.fmap.";
inline const std::string filter = "buffers.glb.partitions.filter.";

}  // namespace eyrie::test
