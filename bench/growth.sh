#!/usr/bin/env bash
# How simulating grows: runs growth.cpp, writes docs/images/growth.csv and draws docs/images/growth_*.svg from it.
#   bench/growth.sh           measure and draw (about half a minute)
#   bench/growth.sh --draw    draw what was measured before
# gnuplot-nox is needed (a Debian package; not in scripts/packages.txt, nothing else uses it).
set -euo pipefail
cd "$(dirname "$0")/.."
images=docs/images
data=$images/growth.csv
command -v gnuplot > /dev/null || { echo "gnuplot is missing: apt-get install gnuplot-nox" >&2; exit 1; }
if [[ "${1:-}" != --draw ]]; then
  cmake --preset release > /dev/null
  cmake --build --preset release --target eyrie_bench_growth > /dev/null
  build/release/bench/eyrie_bench_growth | tee "$data.new"
  mv "$data.new" "$data"
fi

# draw FILE TITLE "SERIES|MACHINE|LABEL|UNIT"...: CPU seconds over simulated PE-cycles, and a line that is linear.
draw() {
  local file=$images/growth_$1.svg title=$2 plots="" colour=0
  shift 2
  local colours=("#1f5fa8" "#d9822b" "#3a8f4c" "#a03a8f" "#6b6b6b" "#b03030")
  local marks=(7 5 9 11 13 3)
  for curve in "$@"; do
    IFS='|' read -r series machine label <<< "$curve"
    plots+="'< grep ^$series,$machine, $data' using 6:8 with linespoints lc rgb '${colours[colour]}' pt ${marks[colour]} ps 0.7 lw 1.5 title '$label', "
    plots+="'< grep ^$series,$machine, $data' using 6:8:3 with labels font ',10' offset 0,0.8 tc rgb '${colours[colour]}' notitle, "
    colour=$((colour + 1))
  done
  gnuplot <<END
set datafile separator ','
set terminal svg size 860,560 font 'Helvetica,13' background rgb 'white'
set output '$file'
set title "$title"
set logscale xy
set format x '10^{%L}'
set format y '10^{%L}'
set xlabel 'simulated PE-cycles'
set ylabel 'CPU seconds of simulate()'
set key top left reverse Left
set grid lc rgb '#dddddd' lt 1
set xrange [1e6:2e10]
set yrange [1e-3:10]
plot $plots x * 3e-10 with lines lc rgb '#888888' dt 2 title 'linear: 0.3 ns a PE-cycle'
END
}

draw array "The array grows: 8 x 8 to 128 x 128 PEs" \
  "array|autonomous|autonomous PEs, row stationary" "array|lockstep|lockstep, weight stationary"
draw layer "The layer grows: output channels, input channels, rows and columns" \
  "channels|autonomous|autonomous, output channels" "depth|autonomous|autonomous, input channels" "rows|autonomous|autonomous, rows and columns" \
  "channels|lockstep|lockstep, output channels" "depth|lockstep|lockstep, input channels" "rows|lockstep|lockstep, rows and columns"
draw batch "The batch grows: 1 to 32" "batch|autonomous|autonomous PEs, row stationary" "batch|lockstep|lockstep, weight stationary"

# Steps that cost more than their share: time over PE-cycles, from one point of a curve to the next.
awk -F, 'NR > 1 && $1 == s && $2 == m {
    grew = ($8 / t) / ($6 / c)
    if (grew > 1.15) { printf "%s/%s: from %s to %s seconds grow %.2f times as fast as PE-cycles\n", $1, $2, x, $3, grew; steps++ }
  }
  { s = $1; m = $2; x = $3; t = $8; c = $6 }
  END { if (!steps) print "no step grows faster than 1.15 times its PE-cycles" }' "$data"
