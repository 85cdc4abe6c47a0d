#include "tests/support/resources.hpp"

#include <algorithm>

namespace eyrie::test {

namespace {

template <class Number>
void twice(Number& n) {
  n += n;
}
void shorter(Cycles& latency, std::int64_t least) { latency = std::max(Cycles{least}, Cycles{latency.count() / 2}); }

void of_dram(const Architecture& a, std::vector<Resource>& all) {
  all.push_back({"dram.bandwidth", [](Architecture& m) { twice(m.dram.bandwidth); }});
  all.push_back({"dram.latency", [](Architecture& m) { shorter(m.dram.latency, 0); }});
  all.push_back({"dram.request", [](Architecture& m) { shorter(m.dram.request, 0); }});
  if (a.dram.compression) all.push_back({"dram.rate", [](Architecture& m) { twice(m.dram.compression->rate); }});
  if (a.dram.engines == DmaEngines::Shared)
    all.push_back({"dram.engines", [](Architecture& m) { m.dram.engines = DmaEngines::PerTensor; }});
}

void of_buffers(const Architecture& a, std::vector<Resource>& all) {
  const bool lockstep = a.array.control == Control::Lockstep;
  for (std::size_t b = 0; b < a.buffers.size(); ++b)
    for (std::size_t p = 0; p < a.buffers[b].partitions.size(); ++p) {
      const auto name = "buffers." + a.buffers[b].name + "." + a.buffers[b].partitions[p].name + ".";
      const auto add = [&](const char* what, auto change) {
        all.push_back({name + what, [=](Architecture& m) { change(m.buffers[b].partitions[p]); }});
      };
      add("read", [](Partition& its) { twice(its.read); });
      add("write", [](Partition& its) { twice(its.write); });
      all.push_back({name + "banks", [=](Architecture& m) {
                       twice(m.buffers[b].capacity);
                       twice(m.buffers[b].partitions[p].banks);
                     }});
      const auto& now = a.buffers[b].partitions[p];
      if (now.double_buffered || now.circular) continue;
      all.push_back({name + "double_buffered", [=](Architecture& m) {
                       twice(m.buffers[b].capacity);
                       twice(m.buffers[b].partitions[p].banks);
                       m.buffers[b].partitions[p].double_buffered = true;
                     }});
      if (lockstep) add("circular", [](Partition& its) { its.circular = true; });
    }
}

/// A beat is sent when there is room for all of it, and takes as long as the port needs for it: wider beats need the
/// port and the room for them.
void widen(Architecture& m, Noc& noc) {
  noc.fifo += noc.width.count() * Words{2};
  twice(noc.width);
  if (noc.role == NocRole::Forward) return;
  for (auto& b : m.buffers)
    for (auto& p : b.partitions)
      if (std::ranges::count(p.tensors, noc.tensor) > 0) twice(noc.role == NocRole::Deliver ? p.read : p.write);
}

void of_networks(const Architecture& a, std::vector<Resource>& all) {
  for (std::size_t n = 0; n < a.networks.size(); ++n) {
    const auto name = "networks." + a.networks[n].name + ".";
    const std::int64_t least = a.array.control == Control::Lockstep ? 0 : 1;
    const auto add = [&](const char* what, auto change) {
      all.push_back({name + what, [=](Architecture& m) { change(m.networks[n]); }});
    };
    all.push_back({name + "width", [n](Architecture& m) { widen(m, m.networks[n]); }});
    if (a.networks[n].role == NocRole::Deliver) all.back().beats = a.networks[n].tensor;
    add("fifo", [](Noc& its) { twice(its.fifo); });
    const bool words_in = a.networks[n].role == NocRole::Deliver && a.networks[n].tensor != Operand::Output;
    if (least == 1 && words_in && !a.networks[n].ahead) add("ahead", [](Noc& its) { its.ahead = true; });
    add("latency", [least](Noc& its) { shorter(its.latency, least); });
  }
}

void of_array(const Architecture& a, std::vector<Resource>& all) {
  for (std::size_t s = 0; s < a.array.spads.size(); ++s)
    all.push_back({"spads." + a.array.spads[s].name, [=](Architecture& m) { twice(m.array.spads[s].depth); }});
  all.push_back({"mac.pipeline", [](Architecture& m) { shorter(m.array.mac.pipeline, 1); }});
  if (a.array.control == Control::Lockstep && !a.array.lockstep.overlap)
    all.push_back({"lockstep.overlap", [](Architecture& m) { m.array.lockstep.overlap = true; }});
}

std::string output_partition(const Architecture& a) { return a.partition(Operand::Output)->name; }

}  // namespace

std::vector<Resource> resources(const Architecture& a) {
  std::vector<Resource> all;
  of_dram(a, all);
  of_buffers(a, all);
  of_networks(a, all);
  of_array(a, all);
  for (auto& r : all)
    for (const char* last : {".double_buffered", ".circular", ".banks"})
      r.reorders = r.reorders || r.name.ends_with("." + output_partition(a) + last);
  return all;
}

}  // namespace eyrie::test
