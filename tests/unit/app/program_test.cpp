// Instructions of a machine whose PEs work in lockstep.

#include "app/program.hpp"

#include <catch2/catch.hpp>

#include "dataflows/closed_form.hpp"
#include "dataflows/legality.hpp"
#include "dataflows/traffic.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using enum Dim;
using enum Operand;

namespace {

/// 16 multipliers of each of 16 neurons, three buffers of 64 rows, at most 64 steps an instruction. Sizes: Chen et al.,
/// DianNao, ASPLOS 2014, 7.1.
std::string machine_text(const std::string& control = "lockstep") {
  return R"(kind: architecture
name: sixteen
technology: 65 nm
energy_table: eyeriss_65nm
clocks: [{name: core, frequency: 980 MHz}]
words: {input: 16 b, weight: 16 b, psum: 16 b, output: 16 b}
dram: {clock: core, bandwidth: 256 B/cycle, latency: 100 cycles}
buffers:
- {name: nbin, capacity: 2 KiB, bank: 32 B, partitions: [{name: inputs, tensors: [input], banks: 64, read: 16 words/cycle, write: 16 words/cycle}]}
- {name: sb, capacity: 32 KiB, bank: 512 B, partitions: [{name: synapses, tensors: [weight], banks: 64, read: 256 words/cycle, write: 256 words/cycle}]}
- {name: nbout, capacity: 2 KiB, bank: 32 B, partitions: [{name: outputs, tensors: [output], banks: 64, read: 16 words/cycle, write: 16 words/cycle, initial_psums: false}]}
networks:
- {name: nbin_bus, role: deliver, tensor: input, width: 16 words/cycle, fifo: 16 words}
- {name: sb_bus, role: deliver, tensor: weight, width: 256 words/cycle, fifo: 256 words}
- {name: nbout_in, role: deliver, tensor: output, width: 16 words/cycle, fifo: 16 words}
- {name: nbout_out, role: collect, tensor: output, width: 16 words/cycle, fifo: 16 words}
- {name: chain, role: forward, tensor: output, width: 1 words/cycle, fifo: 4 words}
array:
  name: nfu
  rows: 16
  columns: 16
  control: )" +
         control + (control == "lockstep" ? "\n  lockstep: {steps: 64}" : "") + R"(
  spads:
  - {name: input_register, tensor: input, depth: 1 words}
  - {name: synapse_register, tensor: weight, depth: 1 words}
  - {name: psum_register, tensor: output, depth: 1 words}
  mac: {operations: [multiply_add, maximum, sum]}
)";
}

Architecture machine(const std::string& control = "lockstep") {
  return read_architecture(YamlDocument::from_text(machine_text(control), "sixteen.yaml"));
}

LayerNest nest(const std::vector<std::pair<Dim, std::int64_t>>& dims) {
  LayerNest l;
  for (const auto& [d, n] : dims) l.extent[d] = n;
  return l;
}

const std::vector<NestEntry> kRegisters{keep("psum_register", {Output}), keep("synapse_register", {Weight}),
                                        keep("input_register", {Input})};

/// The classifier of ASPLOS 2014, Table 4: 8192 inputs, 256 outputs.
LayerNest classifier() { return nest({{C, 8192}, {M, 256}}); }

/// 1024 inputs at a time; for each all outputs, sixteen after the other.
Mapping classifier_mapping() {
  Mapping m{{keep("dram", {Input, Weight, Output}), keep("nbout", {Output}), temporal(C, 1024), keep("nbin", {Input}),
             temporal(M, 16), keep("sb", {Weight}), spatial(M, 1, Axis::X), spatial(C, 64, Axis::Y),
             keep("psum_register", {Output}), temporal(C, 1), keep("synapse_register", {Weight}),
             keep("input_register", {Input})}};
  return m;
}

std::vector<Instruction> all(const Mapping& m, const LayerNest& l, const Architecture& a) {
  REQUIRE(test::errors_of([&] {
            Diagnostics wrong;
            legality(m, l, a, {"mapping", 1, 1}, wrong);
            wrong.raise_if_any();
          }) == "");
  Program program{m, l, a};
  std::vector<Instruction> list;
  while (const auto i = program.next()) list.push_back(*i);
  return list;
}

const ReadSlot& input(const Instruction& i) { return i.read[0]; }
const ReadSlot& weight(const Instruction& i) { return i.read[1]; }
const ReadSlot& psums(const Instruction& i) { return i.read[2]; }

}  // namespace

TEST_CASE("the published classifier: 128 instructions of 64 cycles", "[unit][app]") {
  const auto list = all(classifier_mapping(), classifier(), machine());
  REQUIRE(list.size() == 128);
  for (std::size_t k = 0; k < list.size(); ++k) {
    const auto chunk = static_cast<std::int64_t>(k / 16), number = static_cast<std::int64_t>(k);
    const bool first_of_chunk = k % 16 == 0, last = k == 127;
    const auto& i = list[k];
    CAPTURE(k);
    CHECK(i.steps == 64);
    CHECK(i.end == last);
    CHECK(weight(i) == ReadSlot{ReadOp::Load, false, {Bytes{32768 * number}, Bytes{32768}}});
    CHECK(input(i) == (first_of_chunk ? ReadSlot{ReadOp::Load, true, {Bytes{2048 * chunk}, Bytes{2048}}}
                                      : ReadSlot{ReadOp::Read, true, {}}));
    CHECK(psums(i).op == (chunk == 0 ? ReadOp::Nop : ReadOp::Read));
    CHECK(i.activation == (chunk == 7));
    CHECK(i.write == (last ? WriteOp::Store : WriteOp::Write));
    CHECK(i.store == (last ? Move{Bytes{0}, Bytes{512}} : Move{}));
  }
}

TEST_CASE("the published classifier as a table", "[unit][app]") {
  const auto a = machine();
  const auto l = classifier();
  const auto text = program_table(Program{classifier_mapping(), l, a}, {"class", "net", "file m.yaml", 1}, l, a, 0);
  CHECK(text.substr(0, text.find("\n   32")) ==
        R"(class of net on sixteen, batch 1; file m.yaml
128 instructions, one a pass

                      sb: weight                        nbin: input               nbout: output             nfu
first times control     op reuse        address  size     op reuse address size   read write address size     op    in        out steps
    0             -   LOAD     0              0 32768   LOAD     1       0 2048    NOP WRITE                mult RESET      nbout    64
    1  x 15       -   LOAD     0   32768 +32768 32768   READ     1                 NOP WRITE                mult RESET      nbout    64
   16             -   LOAD     0         524288 32768   LOAD     1    2048 2048   READ WRITE                mult nbout      nbout    64
   17  x 15       -   LOAD     0  557056 +32768 32768   READ     1                READ WRITE                mult nbout      nbout    64)");
  CHECK(text.substr(text.find("\n  112")) == R"(
  112             -   LOAD     0        3670016 32768   LOAD     1   14336 2048   READ WRITE                mult nbout activation    64
  113  x 14       -   LOAD     0 3702784 +32768 32768   READ     1                READ WRITE                mult nbout activation    64
  127           END   LOAD     0        4161536 32768   READ     1                READ STORE       0  512   mult nbout activation    64

address, size: bytes, in the tensor as it lies in DRAM; A +D: D further each time
)");
}

TEST_CASE("instructions of a convolution bring what the closed form says crosses the link", "[unit][app]") {
  // Windows slide down rows of the ifmap; psums of half of the channels go to DRAM and come back.
  const auto a = machine();
  auto l = nest({{M, 20}, {C, 20}, {P, 7}, {Q, 5}, {R, 3}, {S, 3}});
  l.stride = {2, 1};
  Mapping m{{keep("dram", {Input, Weight, Output}), temporal(C, 16), temporal(P, 2), keep("nbout", {Output}),
             temporal(Q, 2), keep("nbin", {Input}), temporal(M, 16), keep("sb", {Weight}), temporal(P, 1),
             temporal(Q, 1), spatial(M, 1, Axis::X), spatial(C, 1, Axis::Y)}};
  m.nest.insert(m.nest.end(), kRegisters.begin(), kRegisters.begin() + 1);
  m.nest.insert(m.nest.end(), {temporal(R, 1), temporal(S, 1)});
  m.nest.insert(m.nest.end(), kRegisters.begin() + 1, kRegisters.end());
  const auto list = all(m, l, a);
  Bytes in{}, weights{}, back{}, out{};
  std::int64_t steps = 0;
  for (const auto& i : list) {
    in += input(i).load.size;
    weights += weight(i).load.size;
    back += psums(i).load.size;
    out += i.store.size;
    steps += i.steps;
  }
  const auto counts = action_counts(traffic(m, l, a), l, a, {.biases = false});
  CHECK(in == counts.bytes("dram", Input, Action::Read));
  CHECK(weights == counts.bytes("dram", Weight, Action::Read));
  CHECK(back == counts.bytes("dram", Output, Action::Read));
  CHECK(back > Bytes{0});
  CHECK(out == counts.bytes("dram", Output, Action::Write));
  CHECK(steps == 2 * 2 * 35 * 9);  // tiles of C, tiles of M, pixels, taps
  CHECK(list.back().end);
}

TEST_CASE("tiles that come back come from where they lay", "[unit][app]") {
  const auto l = nest({{M, 32}, {C, 16}, {P, 2}});
  Mapping m{{keep("dram", {Input, Weight, Output}), temporal(P, 1), temporal(M, 16), keep("nbout", {Output}),
             keep("nbin", {Input}), keep("sb", {Weight}), spatial(M, 1, Axis::X), spatial(C, 1, Axis::Y)}};
  m.nest.insert(m.nest.end(), kRegisters.begin(), kRegisters.end());
  const auto list = all(m, l, machine());
  REQUIRE(list.size() == 4);
  std::vector<std::int64_t> from, to;
  for (const auto& i : list) {
    CHECK(weight(i).op == ReadOp::Load);
    from.push_back(weight(i).load.address.count());
    to.push_back(i.store.address.count());
    CHECK((psums(i).op == ReadOp::Nop && i.activation && i.write == WriteOp::Store));
  }
  CHECK(from == std::vector<std::int64_t>{0, 512, 0, 512});
  CHECK(to == std::vector<std::int64_t>{0, 32, 64, 96});
  CHECK(input(list[0]) == ReadSlot{ReadOp::Load, true, {Bytes{0}, Bytes{32}}});
  CHECK(input(list[1]) == ReadSlot{ReadOp::Read, true, {}});
  CHECK(input(list[2]) == ReadSlot{ReadOp::Load, true, {Bytes{32}, Bytes{32}}});
}

TEST_CASE("pooling reads no weights", "[unit][app]") {
  auto l = nest({{G, 16}, {R, 2}, {S, 2}});
  l.reduction = Reduction::Maximum;
  Mapping m{{keep("dram", {Input, Weight, Output}), keep("nbout", {Output}), keep("nbin", {Input}),
             keep("sb", {Weight}), spatial(G, 1, Axis::X), keep("psum_register", {Output}), temporal(R, 1),
             temporal(S, 1), keep("synapse_register", {Weight}), keep("input_register", {Input})}};
  const auto list = all(m, l, machine());
  REQUIRE(list.size() == 1);
  CHECK(weight(list[0]) == ReadSlot{});
  const auto a = machine();
  const auto csv = program_csv(Program{m, l, a}, l, a, 0);
  CHECK(csv ==
        "instruction,end,input_read_op,input_reuse,input_address_bytes,input_size_bytes,output_read_op,"
        "output_load_address_bytes,output_load_size_bytes,output_write_op,output_store_address_bytes,"
        "output_store_size_bytes,op,psum_in,psum_out,steps\n"
        "0,1,LOAD,0,0,128,NOP,,,STORE,0,32,max,RESET,activation,4\n");
}

TEST_CASE("what has no program says why", "[unit][app]") {
  const auto l = classifier();
  const auto free = machine("autonomous");
  CHECK_THAT(test::errors_of([&] {
               Program{classifier_mapping(), l, free};
             }),
             Catch::Contains("the PEs of sixteen go on by themselves; no program controls them; choose a machine whose "
                             "array has `control: lockstep`"));
  auto a = machine();
  a.array.lockstep.steps = 32;
  CHECK_THAT(
      test::errors_of([&] {
        Program{classifier_mapping(), l, a}.next();
      }),
      Catch::Contains("a pass of this mapping has 64 steps, and an instruction of sixteen at most 32; divide the "
                      "pass by a loop outside the array"));
}
