#include "arch/architecture.hpp"

// The keys of an architecture file, once, for reading, schema and writing.

namespace eyrie {

static void describe(Fields& f, Clock& c) {
  f.about("a named clock");
  f.required("name", c.name, "how components refer to it; `core` is the one that cycles count");
  f.required("frequency", c.frequency, "its frequency", Positive());
}

static void describe(Fields& f, Widths& w) {
  f.about("word widths of the operands");
  f.optional("input", w.input, "an ifmap word", Between(2, 16));
  f.optional("weight", w.weight, "a filter word", Between(2, 16));
  f.optional("psum", w.psum, "a psum", Between(2, 32));
  f.optional("output", w.output, "an ofmap word", Between(2, 16));
}

static void describe(Fields& f, CscCode& c) {
  f.about("compressed sparse columns of filters");
  f.optional("count", c.count, "zeros before a value", Between(1, 16));
  f.optional("pointer", c.pointer, "where a column ends", Between(1, 32));
}

static void describe(Fields& f, RunLengthCode& r) {
  f.about("zero-run compression between DRAM and chip");
  f.optional("run", r.run, "bits of a run of zeros", Between(1, 16));
  f.optional("pairs", r.pairs, "(run, level) pairs in a packed word", Between(1, 64));
  f.optional("word", r.word, "a packed word", Between(8, 4096));
  f.required("tensors", r.tensors, "tensors that travel coded");
  f.optional("network_input_raw", r.network_input_raw, "layers that read a network input get it uncoded");
  f.optional("rate", r.rate, "values coded or decoded in a core cycle", AtLeast(1));
  f.optional("filters", r.filters, "what filters are coded in, where `tensors` has them");
  f.optional("csc", r.csc, "sizes of compressed sparse columns");
  f.optional("codebook", r.codebook, "values of filters that share few weights travel as indices");
}

static void describe(Fields& f, Dram& d) {
  f.about("off-chip memory behind one link");
  f.optional("name", d.name, "its name in counts and reports");
  f.optional("type", d.type, "lpddr4, hbm2 or another of its technology's; unsaid: what the technology says");
  f.optional("clock", d.clock, "the clock that bandwidth and latency count in");
  f.required("bandwidth", d.bandwidth, "bytes a cycle of its clock", Positive());
  f.required("latency", d.latency, "from a request to its first byte, in its clock", AtLeast(0));
  f.optional("engines", d.engines, "DMA engines");
  f.optional("request", d.request, "cycles that an engine takes at least for the channels of an ifmap pixel",
             AtLeast(0));
  f.optional("compression", d.compression, "compression of feature maps and filters");
}

static void describe(Fields& f, Partition& p) {
  f.about("a share of a buffer's banks that holds certain tensors");
  f.required("name", p.name, "its name");
  f.required("tensors", p.tensors, "what it holds");
  f.required("banks", p.banks, "banks that belong to it", AtLeast(1));
  f.optional("double_buffered", p.double_buffered, "the next tile may come in while this one is used");
  f.optional("circular", p.circular, "words of the next tile come in behind the last read of this one's");
  f.required("read", p.read, "words of each tensor read in a cycle", AtLeast(1));
  f.required("write", p.write, "words of each tensor written in a cycle", AtLeast(1));
  f.optional("initial_psums", p.initial_psums,
             "psums are read also where they start and the read delivers the bias; otherwise PEs start from zero");
  f.optional("bypass", p.bypass, "mappings may send these tensors straight between DRAM and the network");
}

static void describe(Fields& f, Sram& s) {
  f.about("an on-chip buffer of equal banks");
  f.required("name", s.name, "its name in mappings, counts and reports");
  f.required("capacity", s.capacity, "all banks together", AtLeast(1));
  f.required("bank", s.bank, "one bank", AtLeast(1));
  f.required("partitions", s.partitions, "who uses which banks");
}

static void describe(Fields& f, Noc& n) {
  f.about("a network between a buffer and the PE array, or between neighbours");
  f.required("name", n.name, "its name in counts and reports");
  f.required("role", n.role, "what it is for");
  f.required("tensor", n.tensor, "whose words it moves");
  f.optional("kind", n.kind, "how its wires run; unsaid: multicast to deliver, bus to collect, links to forward");
  f.required("width", n.width, "words moved in a cycle", AtLeast(1));
  f.optional("latency", n.latency,
             "core cycles from leaving to being visible in the FIFO at the other end (0: in a lockstep array only)",
             AtLeast(0));
  f.required("fifo", n.fifo, "words that the FIFO at each PE's end holds", AtLeast(1));
  f.optional("ahead", n.ahead,
             "words of the next pass go on into FIFOs and free places of spads before this one is over");
}

static void describe(Fields& f, Spad& s) {
  f.about("a memory inside each PE");
  f.required("name", s.name, "its name in mappings, counts and reports");
  f.required("tensor", s.tensor, "whose words it holds");
  f.required("depth", s.depth, "words it holds", AtLeast(1));
}

static void describe(Fields& f, Mac& m) {
  f.about("the arithmetic of a PE: one issue slot a cycle");
  f.optional("name", m.name, "its name in counts and reports");
  f.optional("pipeline", m.pipeline, "cycles from issue until the result can leave the PE", AtLeast(1));
  f.optional("zero_gating", m.zero_gating, "a zero input saves energy but not the cycle");
  f.optional("weight_gating", m.weight_gating, "a zero filter word, once read, saves the rest");
  f.optional("zero_skipping", m.zero_skipping, "zeros that take no cycle");
  f.required("operations", m.operations, "what a PE can do");
}

static void describe(Fields& f, Lockstep& l) {
  f.about("how the steps of a lockstep array follow each other");
  f.optional("row_skew", l.row_skew, "cycles by which a PE is behind the one above it", Between(0, 64));
  f.optional("column_skew", l.column_skew, "cycles by which a PE is behind the one to its left", Between(0, 64));
  f.optional("fold", l.fold, "which rows and columns a skewed wave passes");
  f.optional("overlap", l.overlap, "the next pass may step while psums of this one are still leaving");
  f.optional("steps", l.steps, "steps in a pass at most; 0: any number", AtLeast(0));
}

static void describe(Fields& f, PeArray& a) {
  f.about("rows x columns of equal PEs; psums are forwarded upwards");
  f.optional("name", a.name, "its name in counts and reports");
  f.required("rows", a.rows, "rows of PEs", Between(1, 4096));
  f.required("columns", a.columns, "columns of PEs", Between(1, 4096));
  f.optional("control", a.control, "who decides when a PE works");
  f.optional("lockstep", a.lockstep, "of a lockstep array: how steps follow each other");
  f.optional("pitch", a.pitch, "distance between neighbouring PEs; unsaid: wire lengths are not counted", Positive());
  f.required("spads", a.spads, "memories inside each PE");
  f.required("mac", a.mac, "arithmetic of each PE");
}

void describe(Fields& f, Architecture& a) {
  f.about("a machine, from DRAM inwards");
  f.place(a.where);
  f.required("kind", a.kind, "`architecture`");
  f.required("name", a.name, "its name");
  f.optional("title", a.title, "what it is, in a line");
  f.optional("source", a.source, "where its figures come from");
  f.required("technology", a.technology, "process node", Positive());
  f.required("energy_table", a.energy_table, "a name under configs/technologies, or a path from this file's folder");
  f.optional("dataflow", a.dataflow,
             "what it is built for: a name under configs/dataflows, or a path from this file's folder");
  f.optional("fallback", a.fallback, "a dataflow for layers that the first has no mapping for; named likewise");
  f.required("clocks", a.clocks, "clock domains");
  f.optional("words", a.words, "word widths");
  f.required("dram", a.dram, "off-chip memory");
  f.required("buffers", a.buffers, "on-chip buffers");
  f.required("networks", a.networks, "networks between buffers and PEs, and between PEs");
  f.required("array", a.array, "the PE array");
}

}  // namespace eyrie
