import { type Layout, layoutOf } from './layout.ts';
import type { Model } from './state.ts';
import { dialogLines } from './view/dialog.ts';
import { messageLines } from './view/messages.ts';

/** Where everything is in this state of the view. */
export function frameOf(model: Model): Layout {
  const { columns, rows } = model.size;
  return layoutOf({
    columns,
    rows,
    choice: model.board.open ? 'list' : model.layout,
    split: model.split,
    agents: model.order.length,
    dialog: dialogLines(model, columns).length,
    messages: messageLines(model, columns).length,
  });
}
