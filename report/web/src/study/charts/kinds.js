/** The parts of Apache ECharts that studies need besides. */

import { use } from 'echarts/core';
import { BoxplotChart, ParallelChart } from 'echarts/charts';
import { MarkLineComponent, ParallelComponent } from 'echarts/components';

use([BoxplotChart, ParallelChart, MarkLineComponent, ParallelComponent]);
