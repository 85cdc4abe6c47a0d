/** The parts of Apache ECharts that all pages use; `charts/kinds.js` and `study/charts/kinds.js` add their own. */

import { use, init } from 'echarts/core';
import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, ScatterChart, GridComponent, TooltipComponent, LabelLayout, SVGRenderer]);

export { init };
