import { Flags } from '@oclif/core';
import { taskGraph } from '../../board/tasks/graph.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { DIAGRAMS, diagramOf } from '../../cli/task-diagram.ts';
import { drawGraph } from '../../cli/task-graph.ts';

export default class TaskGraphCommand extends SwarmCommand {
  static override summary = 'Draw which task waits for which.';
  static override flags = {
    format: Flags.option({ options: DIAGRAMS, description: 'For Graphviz, or for Markdown.' })(),
    as: asFlag,
  };
  static override examples = [
    '<%= config.bin %> task graph',
    '<%= config.bin %> task graph --format dot | dot -Tsvg > tasks.svg',
  ];

  override async run(): Promise<void> {
    const { flags } = await this.parse(TaskGraphCommand);
    const graph = await withBoard(flags, taskGraph);
    const diagram = flags.format === undefined ? null : diagramOf(graph, flags.format);
    this.answer({ ...graph, diagram }, () => diagram ?? drawGraph(graph));
  }
}
