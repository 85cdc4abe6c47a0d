#include "sim/waves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace eyrie::sim {

void Level::add(Cycles from, Cycles to, std::int64_t amount) {
  add(from, amount);
  add(to, -amount);
}

std::int64_t Level::at(Time cycle) {
  if (!sorted_) std::ranges::sort(changes_);
  sorted_ = true;
  for (; next_ < changes_.size() && changes_[next_].first <= cycle; ++next_) level_ += changes_[next_].second;
  return level_;
}

Waves::Waves(const Architecture& a, WaveRequest request, const RunLog& known)
    : a_{a}, request_{std::move(request)}, lockstep_{a.array.control == Control::Lockstep} {
  if (!lockstep_) pes_.resize(static_cast<std::size_t>(a.pes()));
  for (const auto& m : known.moves) {
    auto& levels = m.out ? link_.out_level : link_.in_level;
    levels[static_cast<std::size_t>(m.tensor)].add(m.from, m.to);
  }
  for (const auto& d : known.deliveries) {
    auto& n = d.out ? out_ : in_[static_cast<std::size_t>(d.tensor)];
    n.busy_level.add(d.from, d.to);
    n.fifo_level.add(d.out ? d.there : d.from, d.gone, d.words);
    if (d.from >= request_.window.from) n.words_level.add(d.from, d.words);
  }
}

Waves::~Waves() { close(); }

void Waves::close() {
  if (!file_) return;
  sc_core::sc_close_vcd_trace_file(file_);
  file_ = nullptr;
  finish();
}

/// SystemC writes the first values without their time, and the date of the day; the file has the one and not the other.
void Waves::finish() const {
  const std::string raw = request_.path + ".raw.vcd";
  {
    std::ifstream from{raw, std::ios::binary};
    std::ofstream to{request_.path, std::ios::binary};
    bool head = true, date = false;
    for (std::string line; head && std::getline(from, line);) {
      if (line == "$date") date = true;
      if (line == "$dumpvars") {
        to << '#' << request_.window.from.count() << '\n';
        head = false;
      }
      if (!date) to << line << '\n';
      if (line == "$end") date = false;
    }
    to << from.rdbuf();
  }
  std::error_code ignored;
  std::filesystem::remove(raw, ignored);
}

/// The file begins at the window's first cycle. A time unit of it is a core cycle of the layer.
void Waves::open(const ArrayView& before) {
  for (std::size_t t = 0; t < 3; ++t) in_[t].words_before = before.in[t].words;
  out_.words_before = before.out.words;
  file_ = sc_core::sc_create_vcd_trace_file((request_.path + ".raw").c_str());
  file_->set_time_unit(1, sc_core::SC_PS);
  std::string causes;
  for (const auto& row : names<Cause>::table)
    causes += fmt::format("{}{} {}", causes.empty() ? "" : ", ", static_cast<int>(row.value), row.name);
  file_->write_comment(fmt::format("one time unit is one core cycle of the layer; causes: {}", causes));
  const std::string top = a_.name + ".";
  const std::string array = top + a_.array.name + ".";
  sc_trace(file_, pass_, array + "pass");
  sc_trace(file_, cycle_of_pass_, array + "cycle_of_pass");
  if (lockstep_) {
    sc_trace(file_, step_, array + "steps");
    sc_trace(file_, cause_, array + "cause", 4);
  } else {
    trace_pes(array);
  }
  for (Operand t : kAllOperands) trace_network(*a_.network(NocRole::Deliver, t), in_[static_cast<std::size_t>(t)]);
  trace_network(*a_.network(NocRole::Collect, Operand::Output), out_);
  for (Operand t : kAllOperands) {
    const auto i = static_cast<std::size_t>(t);
    const auto name = fmt::format("{}{}.{}", top, a_.dram.name, name_of(t));
    sc_trace(file_, link_.in[i], name + "_read");
    if (t == Operand::Output) sc_trace(file_, link_.out[i], name + "_write");
  }
}

void Waves::trace_pes(const std::string& array) {
  for (std::size_t i = 0; i < pes_.size(); ++i) {
    const auto columns = static_cast<std::size_t>(a_.array.columns);
    const auto pe = fmt::format("{}pe_{}_{}.", array, i / columns, i % columns);
    PeSignals& p = pes_[i];
    sc_trace(file_, p.cause, pe + "cause", 4);
    sc_trace(file_, p.psum, pe + "psum");
    sc_trace(file_, p.input_fifo, pe + "input_fifo");
    sc_trace(file_, p.weight_fifo, pe + "weight_fifo");
    sc_trace(file_, p.psum_fifo, pe + "psum_fifo");
    sc_trace(file_, p.input_spad, pe + "input_spad");
    sc_trace(file_, p.weight_spad, pe + "weight_spad");
  }
}

void Waves::trace_network(const Noc& noc, NetworkSignals& n) {
  const auto name = a_.name + "." + noc.name + ".";
  sc_trace(file_, n.busy, name + "busy");
  sc_trace(file_, n.words, name + "words");
  if (lockstep_) sc_trace(file_, n.fifo, name + "fifo");
}

void Waves::show(NetworkSignals& n, const NetworkView& seen, Time cycle) {
  if (lockstep_) {
    n.busy = n.busy_level.at(cycle) > 0;
    n.words = static_cast<unsigned int>(n.words_level.at(cycle));
    n.fifo = static_cast<unsigned short>(n.fifo_level.at(cycle));
    return;
  }
  n.busy = seen.busy;
  n.words = static_cast<unsigned int>(seen.words - n.words_before);
}

void Waves::show(Time cycle, std::int64_t pass, Time cycle_of_pass, const ArrayView& seen) {
  pass_ = static_cast<int>(pass);
  cycle_of_pass_ = static_cast<int>(cycle_of_pass);
  step_ = static_cast<int>(seen.step);
  cause_ = static_cast<unsigned char>(seen.cause);
  for (std::size_t i = 0; i < pes_.size(); ++i) {
    const PeView& pe = seen.pes[i];
    pes_[i] = {.cause = static_cast<unsigned char>(pe.cause),
               .psum = pe.psum,
               .input_fifo = static_cast<unsigned short>(pe.input_fifo),
               .weight_fifo = static_cast<unsigned short>(pe.weight_fifo),
               .psum_fifo = static_cast<unsigned short>(pe.psum_fifo),
               .input_spad = static_cast<unsigned short>(pe.input_spad),
               .weight_spad = static_cast<unsigned short>(pe.weight_spad)};
  }
  for (std::size_t t = 0; t < 3; ++t) {
    show(in_[t], seen.in[t], cycle);
    link_.in[t] = link_.in_level[t].at(cycle) > 0;
    link_.out[t] = link_.out_level[t].at(cycle) > 0;
  }
  show(out_, seen.out, cycle);
}

}  // namespace eyrie::sim
