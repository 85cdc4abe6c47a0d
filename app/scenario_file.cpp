#include "app/scenario_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eyrie {

namespace {

template <class T>
void origin_fields(Fields& f, T& t) {
  f.required("source", t.source, "where it was read, or what it was computed from");
  f.required("confidence", t.confidence, "how much it can be trusted");
  f.optional("note", t.note, "what to beware of");
}

template <class T>
void target_fields(Fields& f, Target<T>& t) {
  f.about("something to be met");
  f.required("value", t.value, "at most", Positive());
  f.optional("require", t.require, "missing it makes the exit code 1");
  origin_fields(f, t);
}

/// Of a network on a machine, whichever machine.
void run_fields(Fields& f, ChipFile& c) {
  f.required("workload", c.workload, "a network: a name under configs/workloads or a file");
  f.optional("mappings", c.mappings, "a mapping file, or a name under configs/mappings");
  f.optional("dataflow", c.dataflow, "constraints on mappings: a name under configs/dataflows or a file");
  f.optional("objective", c.objective, "map every layer for this");
  f.optional("space", c.space, "mappings to choose from");
  f.optional("seed", c.seed, "of all random data", AtLeast(0));
  f.optional("host_cost", c.host_cost, "by layer: what layers cost that the machine leaves to its host");
}

void chip_fields(Fields& f, ChipFile& c) {
  f.required("architecture", c.architecture, "a machine: a name under configs/architectures or a file");
  run_fields(f, c);
  f.required("idle_power", c.idle_power, "of the chip while it waits for the other one, the link or the cloud");
}

}  // namespace

void describe(Fields& f, HostCost& h) {
  f.about("what a layer costs beside the machine");
  f.required("latency", h.latency, "that it takes", AtLeast(0));
  f.required("energy", h.energy, "of the device", AtLeast(0));
  origin_fields(f, h);
}

void describe(Fields& f, ChipFile& c) {
  f.about("a network on a machine, an input at a time");
  chip_fields(f, c);
}

void describe(Fields& f, CloudFile& c) {
  f.about("what computes beyond the link");
  f.optional("throughput_gops", c.throughput_gops,
             "10^9 op/s; a MAC is two ops; layers that are loop nests take by it");
  f.required("service_time", c.service_time, "once an inference that uses the cloud: waiting its turn, starting");
  f.optional("energy_per_op", c.energy_per_op, "shown apart; never the device's");
  f.optional("layers", c.layers, "by layer: what it takes, whatever the throughput");
}

void describe(Fields& f, CodingFile& c) {
  f.about("bits on the link for a bit of a tensor");
  f.optional("network_input", c.network_input, "of what comes into the network");
  f.optional("between_layers", c.between_layers, "of all other tensors");
}

void describe(Fields& f, Target<Seconds>& t) { target_fields(f, t); }
void describe(Fields& f, Target<Picojoules>& t) { target_fields(f, t); }

void describe(Fields& f, OffloadFile& o) {
  f.about("a network on a device that may leave layers to a cloud");
  f.required("kind", o.kind, "`offload`");
  f.required("name", o.name, "its name");
  f.optional("title", o.title, "what it is, in a line");
  f.required("device", o.device, "what can be done on the device");
  f.required("link", o.link, "between device and cloud");
  f.required("cloud", o.cloud, "what computes beyond the link");
  f.optional("coding", o.coding, "of tensors on the link; left out: words as the machine holds them");
  f.optional("objective", o.objective, "what the best cut has least of");
  f.optional("percentile", o.percentile, "of latencies", Between(1, 99.999));
  f.optional("deadline", o.deadline, "from an input to its result");
  f.optional("allow_unmodelled", o.allow_unmodelled, "layers whose cost nothing states count as free");
}

void describe(Fields& f, EscalatedFile& e) {
  f.about("the share of inputs that go on to the big network");
  const Fields::Alternative ways[] = {
      {"given", "a share", [&](Fields& in) { in.required("share", e.share, "of all inputs"); }},
      {"classes", "the little network knows some classes only", [&](Fields& in) {
         in.required("prioritised", e.prioritised, "share of inputs that are of the little network's classes");
         in.required("recognised", e.recognised, "share of those that it answers itself");
         in.required("others_escalated", e.others_escalated, "share of all others that it hands on");
       }}};
  std::size_t chosen = e.from_classes ? 1 : 0;
  f.choice("from", "where the share comes from", chosen, ways);
  e.from_classes = chosen == 1;
}

double EscalatedFile::value() const {
  return from_classes ? escalated_share(prioritised.value, recognised.value, others_escalated.value) : share.value;
}

std::string EscalatedFile::origin() const {
  if (!from_classes) return "given";
  return fmt::format("{0:g} x (1 - {1:g}) + (1 - {0:g}) x {2:g}", prioritised.value, recognised.value,
                     others_escalated.value);
}

void describe(Fields& f, BigFile& b) {
  f.about("one way to run the big network");
  f.required("name", b.name, "what results call it");
  const Fields::Alternative places[] = {
      {"cloud", names<BigPlace>::table[0].what,
       [&](Fields& in) {
         in.required("workload", b.chip.workload, "a network: a name under configs/workloads or a file");
         in.required("link", b.link, "between device and cloud");
         in.required("cloud", b.cloud, "what computes beyond the link");
       }},
      {"second_chip", names<BigPlace>::table[1].what,
       [&](Fields& in) {
         chip_fields(in, b.chip);
         in.required("link", b.link, "between the chips");
       }},
      {"same_chip", names<BigPlace>::table[2].what, [&](Fields& in) { run_fields(in, b.chip); }}};
  auto chosen = static_cast<std::size_t>(b.where);
  f.choice("where", "where the big network runs", chosen, places);
  b.where = static_cast<BigPlace>(chosen);
}

void describe(Fields& f, BigLittleFile& b) {
  f.about("a small network that hands a share of its inputs on to a big one");
  f.required("kind", b.kind, "`big_little`");
  f.required("name", b.name, "its name");
  f.optional("title", b.title, "what it is, in a line");
  f.required("little", b.little, "the small network; every input runs through it");
  f.required("escalated", b.escalated, "the share of inputs that go on");
  f.required("big", b.big, "ways to run the big network");
  f.optional("percentile", b.percentile, "of latencies", Between(1, 99.999));
  f.optional("steps", b.steps, "of the table from share 0 to 1", Between(1, 1000));
  f.optional("deadline", b.deadline, "from an input to its result");
  f.optional("energy", b.energy, "of the device, mean over inputs");
  f.optional("allow_unmodelled", b.allow_unmodelled, "layers whose cost nothing states count as free");
}

Experiment ChipFile::experiment() const {
  Experiment e{.architecture = architecture, .workload = workload, .mappings = mappings};
  e.seed = seed;
  e.dataflow = dataflow;
  e.objective = objective;
  e.space = space;
  if (e.mappings.empty() && !e.objective && (!e.dataflow.empty() || e.space)) e.objective = Objective::Energy;
  return e;
}

}  // namespace eyrie
