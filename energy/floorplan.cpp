#include "energy/floorplan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace eyrie {

/// Smaller spads are flip-flops; sweeps of SRAM say nothing of them.
static constexpr Bytes kLeastMacro{128};

Bits port_of(const Sram& b, const Architecture& a) {
  std::int64_t widest = 0;
  for (const auto& p : b.partitions)
    for (const Operand t : p.tensors)
      widest = std::max(widest, std::max(p.read.count(), p.write.count()) * a.width(t).count());
  return Bits{widest};
}

std::int64_t counters_of(const PeArray& array) {
  return 1 + std::ranges::count_if(array.spads, [](const Spad& s) { return s.depth > Words{1}; });
}

std::vector<SpadBuild> spads_built(const Parts& parts, const Architecture& a) {
  std::vector<SpadBuild> all;
  for (const auto& s : a.array.spads) {
    SpadBuild b{
        .spad = &s, .width = a.width(s.tensor), .bytes = bytes_of(s.depth, a.width(s.tensor)), .read = {}, .write = {}};
    b.read = parts.register_read(s.depth, b.width);
    b.write = parts.register_write(s.depth, b.width);
    if (b.bytes >= kLeastMacro) {
      const auto read = parts.sram(SramFigure::Read, b.bytes, b.width);
      const auto write = parts.sram(SramFigure::Write, b.bytes, b.width);
      b.registers = b.read.value + b.write.value <= read.value + write.value;
      if (!b.registers) {
        b.read = read.noted("a small SRAM");
        b.write = write.noted("a small SRAM");
      }
    }
    all.push_back(std::move(b));
  }
  return all;
}

Floorplan floorplan(const Parts& parts, const Architecture& a, const std::vector<SpadBuild>& spads) {
  Floorplan f;
  f.pe_register_bits = static_cast<double>((a.words.input + a.words.weight + a.words.psum).count());
  f.pe_um2 = parts.datapath_area(a.words.input, a.words.weight, a.words.psum).value;
  for (const auto& s : spads) {
    if (s.registers)
      f.pe_register_bits += static_cast<double>(s.spad->depth.count() * s.width.count());
    else
      f.pe_um2 += parts.sram(SramFigure::Area, s.bytes, s.width).value;
  }
  f.pe_um2 += parts.register_area(f.pe_register_bits).value;
  f.pitch_mm = a.array.pitch ? a.array.pitch->mm : std::sqrt(f.pe_um2 / kFilled) / 1e3;
  f.width_mm = static_cast<double>(a.array.columns) * f.pitch_mm;
  f.height_mm = static_cast<double>(a.array.rows) * f.pitch_mm;
  for (const auto& b : a.buffers) f.buffers_mm2 += parts.sram(SramFigure::Area, b.capacity, port_of(b, a)).value / 1e6;
  f.buffers_mm2 /= kFilled;
  f.to_array_mm = std::sqrt(f.buffers_mm2) / 2;
  f.chip_mm = std::sqrt(f.width_mm * f.height_mm + f.buffers_mm2);
  f.note = fmt::format("PEs {:.0f} um apart{}", f.pitch_mm * 1e3,
                       a.array.pitch ? "" : ", the root of their cells' area, 73 % filled");
  return f;
}

Lengths lengths_of(const Noc& n, const Architecture& a, const Floorplan& f) {
  if (a.array.pitch) return {0, 0, "wires are counted by themselves, by array.pitch"};
  const double across = (f.width_mm + f.height_mm) / 2;
  switch (n.wiring()) {
    case NocKind::Multicast:
      return {f.to_array_mm + f.height_mm, f.width_mm / 2,
              "once from the middle of the buffers along the array's rows; each PE half a row"};
    case NocKind::Bus:
      return {f.to_array_mm + across, 0, "half the array's width and height, and to the middle of the buffers"};
    case NocKind::Broadcast: {
      const auto rows =
          static_cast<double>(a.array.rows) / static_cast<double>(std::min(n.width.count(), a.array.rows));
      return {f.to_array_mm + f.height_mm / 2 + rows * f.width_mm, 0,
              "past every PE of the rows that a word's lane is for: all rows if the network moves one word"};
    }
    case NocKind::Unicast:
    case NocKind::Mesh:
      return {f.to_array_mm, across, "to the array's edge; half its width and height"};
    case NocKind::Systolic:
      return {f.to_array_mm, f.pitch_mm, "to the array's edge; then from PE to PE"};
    case NocKind::Links:
      return {0, f.pitch_mm, "from PE to PE"};
    case NocKind::AdderTree:
      return {0, f.height_mm / 2, "half a column"};
  }
  return {};
}

}  // namespace eyrie
