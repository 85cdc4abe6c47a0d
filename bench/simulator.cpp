// How long simulating takes, beside the plain convolution of the same layers with the same integers in the same run.
//
//   networks/MACHINE/NETWORK   every layer with filters, one after the other, in this process
//   stepping/WAY               AlexNet's conv3, batch 1, on Eyeriss v1
//   command/JOBS               `eyrie run` as a user runs it (command.cpp)

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "bench/command.hpp"
#include "bench/measure.hpp"
#include "bench/plain_convolution.hpp"
#include "bench/program.hpp"
#include "bench/rows.hpp"

namespace eyrie::bench {

namespace {

/// What is asked besides the filter.
struct Asked {
  double limit_s = 10;    ///< of a layer's search
  double repeat_s = 0.6;  ///< a layer is simulated again until so much CPU time went by, or three times
  bool layers = false;    ///< a line for each layer, on stderr
};

/// Takes out what is ours.
Asked asked(int& count, char** values) {
  Asked a;
  a.limit_s = take_number(count, values, "limit", a.limit_s);
  a.repeat_s = take_number(count, values, "repeat", a.repeat_s);
  a.layers = take(count, values, "--layers") != nullptr;
  return a;
}

/// Least times of one layer and what it came to.
struct Measured {
  double simulating = 0, plain = 0, native = 0;
  std::int64_t cycles = 0, pe_cycles = 0, macs = 0;

  Measured& operator+=(const Measured& o) {
    simulating += o.simulating;
    plain += o.plain;
    native += o.native;
    cycles += o.cycles;
    pe_cycles += o.pe_cycles;
    macs += o.macs;
    return *this;
  }
};

/// Simulates a layer and convolves it plainly, in turns. InternalError if the three ofmaps differ.
Measured measure(const PlannedLayer& l, const Architecture& a, const LayerOperands& operands,
                 const SimulateOptions& options, double repeat_s) {
  Least simulating, plain, native;
  Measured m{.macs = l.nest.macs().count()};
  const double began = cpu_seconds();
  for (int i = 0; i < 3 && (i == 0 || cpu_seconds() - began < repeat_s); ++i) {
    const auto [s, result] = timed([&] { return simulate(l.nest, a, l.mapping, operands, options); });
    const auto [p, right] = timed([&] { return plain::convolution(l.nest, operands); });
    const auto [n, same] = timed([&] { return native::convolution(l.nest, operands); });
    ensure(result.ofmap == right && right == same, "the simulator and the plain convolution compute the same");
    simulating.take(s);
    plain.take(p);
    native.take(n);
    m.cycles = result.cycles.count();
  }
  m.simulating = simulating.seconds;
  m.plain = plain.seconds;
  m.native = native.seconds;
  m.pe_cycles = m.cycles * a.array.rows * a.array.columns;
  return m;
}

void report(benchmark::State& state, const Measured& m) {
  state.SetIterationTime(m.simulating);
  state.counters["cycles"] = static_cast<double>(m.cycles);
  state.counters["pe_cycles_per_s"] = static_cast<double>(m.pe_cycles) / m.simulating;
  state.counters["macs_per_s"] = static_cast<double>(m.macs) / m.simulating;
  state.counters["simulating_s"] = m.simulating;
  state.counters["plain_s"] = m.plain;
  state.counters["ratio"] = m.simulating / m.plain;
  state.counters["native_ratio"] = m.simulating / m.native;
}

void network(benchmark::State& state, const Experiment& e, const Asked& asked) {
  for ([[maybe_unused]] auto _ : state) try {
      const auto p = mapped(e, asked.limit_s);
      const ForwardPass forward{p.network, p.architecture.words, static_cast<std::uint64_t>(e.seed)};
      Measured all;
      int layers = 0;
      for (const auto& l : p.layers) {
        if (!p.network.layers()[l.number].has_filters()) continue;
        const auto m = measure(l, p.architecture, forward.operands(l.number),
                               {.reads_network_input = forward.reads_network_input(l.number)}, asked.repeat_s);
        all += m;
        ++layers;
        if (asked.layers)
          fmt::print(stderr, "{:<24} {:>8.4f} s, plain {:>8.4f} s, native {:>8.4f} s, ratio {:>6.2f}; {}\n",
                     p.network.layers()[l.number].name, m.simulating, m.plain, m.native, m.simulating / m.plain,
                     l.origin);
      }
      report(state, all);
      state.counters["layers"] = layers;
    } catch (const std::exception& wrong) {
      state.SkipWithError(wrong.what());
      return;
    }
}

void stepping(benchmark::State& state, Stepping way, const Asked& asked) {
  for ([[maybe_unused]] auto _ : state) {
    const auto p = mapped({.architecture = "eyeriss_v1", .workload = "alexnet", .layers = {"conv3"}}, asked.limit_s);
    const ForwardPass forward{p.network, p.architecture.words, 1};
    const auto& l = p.layers.front();
    report(state, measure(l, p.architecture, forward.operands(l.number), {.stepping = way}, asked.repeat_s));
  }
}

void add(const std::string& name, std::function<void(benchmark::State&)> act) {
  benchmark::RegisterBenchmark(name.c_str(), [act](benchmark::State& state) { act(state); })
      ->Iterations(1)
      ->UseManualTime();
}

int run(int count, char** values) {
  const auto options = asked(count, values);
  benchmark::Initialize(&count, values);
  if (benchmark::ReportUnrecognizedArguments(count, values)) return 2;
  for (const char* machine : {"eyeriss_v1", "diannao", "tpu_like_32x32", "shidiannao"})
    for (const auto& [name, batch] : {std::pair{"alexnet", 4}, {"vgg16", 3}, {"resnet50", 1}, {"mobilenet_v1", 1}}) {
      const bool smaller = std::string_view(name) == "vgg16" && std::string_view(machine) != "eyeriss_v1";
      const Experiment e{.architecture = machine, .workload = name, .batch = smaller ? 1 : batch};
      add(fmt::format("networks/{}/{}{}", machine, name, e.batch > 1 ? fmt::format(", batch {}", e.batch) : ""),
          [e, options](benchmark::State& state) { network(state, e, options); });
    }
  for (const auto& way : names<Stepping>::table)
    add(fmt::format("stepping/{}", way.name), [w = way.value, options](auto& state) { stepping(state, w, options); });
  for (const unsigned jobs : {1U, processors()})
    add(fmt::format("command/{}", jobs), [jobs](benchmark::State& state) { whole_command(state, jobs); });
  Rows rows;
  benchmark::RunSpecifiedBenchmarks(&rows);
  return 0;
}

}  // namespace

}  // namespace eyrie::bench

int main(int count, char** values) {
  return eyrie::bench::exit_code([&] { return eyrie::bench::run(count, values); });
}
