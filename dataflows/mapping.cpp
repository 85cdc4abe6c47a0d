#include "dataflows/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eyrie {

bool NestEntry::keeps(Operand t) const { return keep && std::ranges::count(tensors, t) > 0; }

NestEntry keep(std::string component, std::vector<Operand> tensors) {
  NestEntry e;
  e.keep = std::move(component);
  e.tensors = std::move(tensors);
  return e;
}

NestEntry temporal(Dim d, std::int64_t step) {
  NestEntry e;
  e.temporal = d;
  e.step = step;
  return e;
}

NestEntry spatial(Dim d, std::int64_t step, Axis axis) {
  NestEntry e;
  e.spatial = d;
  e.step = step;
  e.axis = axis;
  return e;
}

std::size_t Mapping::position(std::string_view component, Operand t) const {
  for (std::size_t i = 0; i < nest.size(); ++i)
    if (nest[i].keeps(t) && *nest[i].keep == component) return i;
  return nest.size();
}

Extents Mapping::tile_at(const Extents& layer, std::size_t position) const {
  Extents tile = layer;
  for (std::size_t i = 0; i < std::min(position, nest.size()); ++i)
    if (nest[i].is_loop()) tile[nest[i].dim()] = std::min(tile[nest[i].dim()], nest[i].step);
  return tile;
}

std::size_t Mapping::pass_position() const {
  std::size_t after_buffers = 0;
  std::array<int, 3> kept{}, keeps{};  // dram, then (unless it is passed by) a buffer, then a spad
  for (const auto& e : nest)
    for (Operand t : e.tensors) ++keeps[static_cast<std::size_t>(t)];
  for (std::size_t i = 0; i < nest.size(); ++i) {
    if (nest[i].spatial) return i;
    for (Operand t : nest[i].tensors) {
      const auto k = static_cast<std::size_t>(t);
      if (++kept[k] == 2 && keeps[k] > 2) after_buffers = i + 1;
    }
  }
  return after_buffers;
}

std::int64_t Mapping::trips(const Extents& layer, std::size_t position) const {
  const auto& e = nest[position];
  return e.is_loop() ? ceil_div(tile_at(layer, position)[e.dim()], e.step) : 1;
}

static std::string tensor_list(const std::vector<Operand>& tensors) {
  std::string all;
  for (Operand t : tensors) all += (all.empty() ? "" : ", ") + std::string(name_of(t));
  return all;
}

std::string pretty(const Mapping& mapping, const LayerNest& layer) {
  std::string text;
  std::size_t indent = 0;
  for (std::size_t i = 0; i < mapping.nest.size(); ++i) {
    const auto& e = mapping.nest[i];
    if (e.keep) {
      text += fmt::format("{:{}}[{}: {}]\n", "", indent, *e.keep, tensor_list(e.tensors));
      continue;
    }
    const auto trips = mapping.trips(layer.extent, i);
    const auto extent = mapping.tile_at(layer.extent, i)[e.dim()];
    const auto ragged = extent % e.step == 0 ? std::string() : fmt::format(", the last {}", extent % e.step);
    const auto head = e.temporal ? std::string("for") : fmt::format("par-for {}", name_of(*e.axis));
    text += fmt::format("{:{}}{} {} in {} x {}{}\n", "", indent, head, name_of(e.dim()), trips, e.step, ragged);
    indent += 2;
  }
  return text;
}

}  // namespace eyrie
