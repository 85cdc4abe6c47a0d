#include "app/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "dataflows/legality.hpp"

namespace eyrie {

using enum Operand;

namespace {

constexpr std::size_t at(Operand t) { return static_cast<std::size_t>(t); }

void must_have_program(const Mapping& m, const LayerNest& l, const Architecture& a) {
  Diagnostics wrong;
  if (a.array.control != Control::Lockstep)
    wrong.error(a.where, fmt::format("the PEs of {} go on by themselves; no program controls them", a.name),
                "choose a machine whose array has `control: lockstep`");
  const auto past = passes_by(m, l, a);
  for (Operand t : kAllOperands)
    if (past[at(t)])
      wrong.error({"", 0, 0},
                  fmt::format("{} passes {} by, and no instruction says that", name_of(t), a.buffer(t)->name),
                  fmt::format("choose a mapping that keeps {} in {}", name_of(t), a.buffer(t)->name));
  wrong.raise_if_any();
}

/// Rows (or columns) of the ifmap under windows at these outputs and filter taps.
std::set<std::int64_t> lines(const sim::Box& b, Dim out, Dim tap, std::int64_t stride, std::int64_t dilation) {
  std::set<std::int64_t> all;
  for (auto o = b.offset[out]; o < b.offset[out] + b.extent[out]; ++o)
    for (auto t = b.offset[tap]; t < b.offset[tap] + b.extent[tap]; ++t) all.insert(o * stride + t * dilation);
  return all;
}

std::int64_t shared(const std::set<std::int64_t>& a, const std::set<std::int64_t>& b) {
  return std::ranges::count_if(a, [&](std::int64_t line) { return b.contains(line); });
}

Bytes bytes(Words words, Bits width) { return Bytes{ceil_div(words.count() * width.count(), 8)}; }

}  // namespace

Move Program::Layout::place(const Key& key, Bytes size) {
  const auto [it, fresh] = at.try_emplace(key, end);
  if (fresh) end += size;
  return {it->second, size};
}

Program::Program(const Mapping& m, const LayerNest& l, const Architecture& a)
    : layer_{l}, a_{a}, part_{l.extent}, passes_{m, l, a} {
  must_have_program(m, l, a);
  for (const auto& e : m.nest)
    if (e.spatial) part_[*e.spatial] = std::min(part_[*e.spatial], e.step);
  ahead_ = passes_.next();
}

Program::Key Program::key(Operand t, const sim::Box& box, bool slid) {
  Key key{};
  for (Dim d : kAllDims) {
    if (!is_relevant(d, t)) continue;
    key[2 * static_cast<std::size_t>(d)] = box.offset[d];
    key[2 * static_cast<std::size_t>(d) + 1] = box.extent[d];
  }
  key.back() = slid ? 1 : 0;
  return key;
}

/// Words that DRAM brings for a tile that changes.
Words Program::brought(Operand t, const sim::PassStep& step) const {
  const auto& now = step.tile[at(t)];
  const auto all = layer_.tile_words(t, now.extent);
  if (step.change[at(t)] != sim::TileChange::Slides) return all;
  const auto& before = tile_[at(t)];
  const auto rows = [&](const sim::Box& b) {
    return lines(b, Dim::P, Dim::R, layer_.stride.rows, layer_.dilation.rows);
  };
  const auto columns = [&](const sim::Box& b) {
    return lines(b, Dim::Q, Dim::S, layer_.stride.columns, layer_.dilation.columns);
  };
  const auto planes = now.extent[Dim::G] * now.extent[Dim::N] * now.extent[Dim::C];
  return all - Words{planes * shared(rows(now), rows(before)) * shared(columns(now), columns(before))};
}

ReadSlot Program::operand(Operand t, const sim::PassStep& step) {
  if (t == Weight && !layer_.has_weights()) return {};
  const auto change = step.change[at(t)];
  const bool stays_on = ahead_ && ahead_->change[at(t)] == sim::TileChange::Stays;
  if (change == sim::TileChange::Stays) return {.op = ReadOp::Read, .reuse = true, .load = {}};
  const auto size = bytes(brought(t, step), a_.width(t));
  return {.op = ReadOp::Load,
          .reuse = stays_on,
          .load = layout_[at(t)].place(key(t, step.tile[at(t)], change == sim::TileChange::Slides), size)};
}

ReadSlot Program::psums(const sim::PassStep& step) {
  if (step.psums_back) {
    const auto& tile = step.tile[at(Output)];
    return {
        .op = ReadOp::Load,
        .reuse = ahead_ && ahead_->change[at(Output)] == sim::TileChange::Stays,
        .load = psums_.place(key(Output, tile, false), bytes(layer_.tile_words(Output, tile.extent), a_.words.psum))};
  }
  const bool from_zero = step.first_psums && !a_.partition(Output)->initial_psums;
  return {.op = from_zero ? ReadOp::Nop : ReadOp::Read, .reuse = !from_zero, .load = {}};
}

/// All PEs make as many steps as the one with the largest part.
std::int64_t Program::steps(const Extents& pass) const {
  std::int64_t all = 1;
  for (Dim d : kAllDims) all *= std::min(pass[d], part_[d]);
  const auto most = a_.array.lockstep.steps;
  if (most > 0 && all > most)
    throw InputError(
        a_.where,
        fmt::format("a pass of this mapping has {} steps, and an instruction of {} at most {}", all, a_.name, most),
        "divide the pass by a loop outside the array");
  return all;
}

/// Nothing is added to these psums after this pass.
bool Program::finishes(const sim::Box& pass) const {
  return std::ranges::all_of(
      kAllDims, [&](Dim d) { return is_relevant(d, Output) || pass.offset[d] + pass.extent[d] == layer_.extent[d]; });
}

std::optional<Instruction> Program::next() {
  if (!ahead_) return std::nullopt;
  const auto step = *ahead_;
  ahead_ = passes_.next();
  Instruction i{.end = !ahead_,
                .read = {operand(Input, step), operand(Weight, step), psums(step)},
                .write = WriteOp::Write,
                .store = {},
                .activation = finishes(step.pass),
                .steps = steps(step.pass.extent)};
  if (!ahead_ || ahead_->change[at(Output)] != sim::TileChange::Stays) {
    const auto& tile = step.tile[at(Output)];
    const auto width = step.psums_final ? a_.words.output : a_.words.psum;
    auto& layout = step.psums_final ? layout_[at(Output)] : psums_;
    i.write = WriteOp::Store;
    i.store = layout.place(key(Output, tile, false), bytes(layer_.tile_words(Output, tile.extent), width));
  }
  tile_ = step.tile;
  return i;
}

}  // namespace eyrie
